import { readFieldGroups, type Fields } from '../../platform/mail-fields.js';

/** What a delivery report says about one recipient (RFC 3464, 2.3). */
export interface RecipientStatus {
  readonly action: 'delivered' | 'relayed' | 'expanded' | 'failed' | 'delayed';
  readonly status: string | undefined;
  /** The text of the server that refused. */
  readonly diagnostic: string | undefined;
}

/** The first words of `Action`, in order of precedence. Mail systems add their own words ("failed (no mailbox)"). */
const actions: readonly (readonly [RecipientStatus['action'], RegExp])[] = [
  ['delivered', /^deliver(?!y)/],
  ['relayed', /^(relay|transfer)/],
  ['expanded', /^expan/],
  ['failed', /^(fail|expire|undeliver|non-?deliver|bounce|reject|refuse|error|drop|return|perm)/],
  ['delayed', /^(delay|defer|retry|queue|warn|temp|pend)/],
];

/**
 * Reads the machine-readable part of a delivery report (RFC 3464, section 2: groups of fields, one for the mail, then one for each
 * recipient). Our mails have one recipient. If the report names more, our address stands for all of them, and the mail has arrived if it
 * reached one.
 * @returns undefined if it says nothing about any recipient
 */
export function readDeliveryStatus(report: string): RecipientStatus | undefined {
  const reported = readFieldGroups(report)
    .map(recipientOf)
    .filter((one) => one !== undefined);
  return actions.map(([action]) => reported.find((one) => one.action === action)).find((one) => one !== undefined);
}

function recipientOf(fields: Fields): RecipientStatus | undefined {
  const status = fields.get('status');
  const value = fields.get('action') ?? '';
  const action = value === '' ? actionOfStatus(fields, status) : actionOf(value);
  return action === undefined ? undefined : { action, status, diagnostic: diagnosticOf(fields) };
}

function actionOf(value: string): RecipientStatus['action'] | undefined {
  const word = value.toLowerCase().replace(/^[^a-z]{0,20}/, '');
  return actions.find(([, begins]) => begins.test(word))?.[0];
}

/** Some reports have no action: the first digit of the status means the same (RFC 3463, 2). */
function actionOfStatus(fields: Fields, status = ''): RecipientStatus['action'] | undefined {
  if (!fields.has('final-recipient') && !fields.has('original-recipient')) return undefined;
  return ({ '2': 'delivered', '4': 'delayed', '5': 'failed' } as const)[status.slice(0, 1)];
}

/** The text of the refusal, without the type before it (`smtp;`). */
function diagnosticOf(fields: Fields): string | undefined {
  const reported = [fields.get('diagnostic-code'), fields.get('x-supplementary-info')];
  return reported.find((words) => words !== undefined && words !== '')?.replace(/^[\w. -]{1,20};\s*/, '');
}
