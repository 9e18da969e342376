import { readFieldGroups, type Fields } from '../../platform/mail-fields.js';

/** What a delivery report says of one recipient (RFC 3464, 2.3). */
export interface RecipientStatus {
  readonly action: 'delivered' | 'relayed' | 'expanded' | 'failed' | 'delayed';
  readonly status: string | undefined;
  /** The words of the server that refused. */
  readonly diagnostic: string | undefined;
}

/** What `Action` begins with, in the order in which they count. Mail systems add words of their own ("failed (no mailbox)"). */
const actions: readonly (readonly [RecipientStatus['action'], RegExp])[] = [
  ['delivered', /^deliver(?!y)/],
  ['relayed', /^(relay|transfer)/],
  ['expanded', /^expan/],
  ['failed', /^(fail|expire|undeliver|non-?deliver|bounce|reject|refuse|error|drop|return|perm)/],
  ['delayed', /^(delay|defer|retry|queue|warn|temp|pend)/],
];

/**
 * Reads the machine's part of a delivery report (RFC 3464, section 2: groups of fields, one for the mail, then one for each
 * recipient). A mail of ours has one recipient; where the report names more, they are what its address stands for, and to
 * have reached one of them is to have arrived.
 * @returns undefined if it says nothing of any recipient
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

/** Some leave the action out: the first digit of the status says as much (RFC 3463, 2). */
function actionOfStatus(fields: Fields, status = ''): RecipientStatus['action'] | undefined {
  if (!fields.has('final-recipient') && !fields.has('original-recipient')) return undefined;
  return ({ '2': 'delivered', '4': 'delayed', '5': 'failed' } as const)[status.slice(0, 1)];
}

/** The words of the refusal, without the type before them (`smtp;`). */
function diagnosticOf(fields: Fields): string | undefined {
  const reported = [fields.get('diagnostic-code'), fields.get('x-supplementary-info')];
  return reported.find((words) => words !== undefined && words !== '')?.replace(/^[\w. -]{1,20};\s*/, '');
}
