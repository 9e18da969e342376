import { readFieldGroups, type Fields } from './inbound-fields.js';

/** What became of a mail of ours. Its `code` is an enhanced status (RFC 3463) as in `5.1.1`, or else an SMTP reply. */
export type DeliveryOutcome =
  | { readonly status: 'delivered' }
  /** It went on to where no reports come from. */
  | { readonly status: 'accepted' }
  | { readonly status: 'bounced'; readonly code: string }
  /** The provider had taken it, and then tried nobody: its `code` is the provider's own word for why. */
  | { readonly status: 'rejected'; readonly code: string }
  /** Still under way: nothing is decided, but it was surely sent. */
  | { readonly status: 'delayed' };

/** What each `Action` says (RFC 3464, 2.3.3), in the order in which they count. */
const actions: readonly (readonly [string, (recipient: Fields) => DeliveryOutcome])[] = [
  ['delivered', () => ({ status: 'delivered' })],
  ['relayed', () => ({ status: 'accepted' })],
  ['expanded', () => ({ status: 'accepted' })],
  ['failed', (recipient) => ({ status: 'bounced', code: codeOf(recipient) })],
  ['delayed', () => ({ status: 'delayed' })],
];

/**
 * Reads the machine's part of a delivery report (RFC 3464, section 2: groups of fields, one for the mail, then one for each
 * recipient). A mail of ours has one recipient; where the report names more, they are what its address stands for, and to
 * have reached one of them is to have arrived.
 * @returns undefined where it tells nothing of any recipient
 */
export function readDeliveryReport(report: string): DeliveryOutcome | undefined {
  const recipients = readFieldGroups(report).filter((fields) => fields.has('action'));
  for (const [action, outcome] of actions) {
    const recipient = recipients.find((fields) => fields.get('action')?.toLowerCase() === action);
    if (recipient !== undefined) return outcome(recipient);
  }
  return undefined;
}

const enhanced = /\b[45]\.\d{1,3}\.\d{1,3}\b/;

function codeOf(recipient: Fields): string {
  return codeIn(recipient.get('status'), recipient.get('diagnostic-code')) ?? '5.0.0';
}

/**
 * The code in a status, unless that says no more than that it failed and the other server's own words say more.
 * @returns undefined where neither has one
 */
export function codeIn(status: string | undefined, words = ''): string | undefined {
  const code = enhanced.exec(status ?? '')?.[0];
  const vague = code === undefined || code.endsWith('.0.0');
  const told = enhanced.exec(words)?.[0] ?? /\b[45]\d{2}\b/.exec(words)?.[0];
  return (vague ? told : undefined) ?? code;
}
