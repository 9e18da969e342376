import vocabulary from '../../../../dist/vocabulary.json';

/** The product's words for the short codes of the API. A code without a word here is shown without hyphens. */
export type Tone = 'leaf' | 'rose' | 'sky' | 'amber' | 'stone';

export interface Word {
  readonly text: string;
  readonly tone: Tone;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const plain = (code: string): string => capital(code.replaceAll(/[-_]/g, ' '));

const word = (text: string, tone: Tone): Word => ({ text, tone });

const outcomes: Readonly<Record<string, Word>> = {
  saved: word('Saved', 'leaf'),
  'won-back': word('Won back', 'leaf'),
  recovered: word('Recovered', 'leaf'),
  declined: word('Declined', 'rose'),
  'opted-out': word('Opted out', 'rose'),
  churned: word('Churned', 'rose'),
  'handed-over': word('Handed over', 'sky'),
  lapsed: word('Lapsed', 'stone'),
  expired: word('Expired', 'stone'),
  'nothing-pays': word('Nothing pays', 'stone'),
  unreachable: word('Unreachable', 'amber'),
  cancelled: word('Cancelled', 'stone'),
  'held-out': word('Held out', 'stone'),
};

const states: Readonly<Record<string, Word>> = {
  draft: word('Draft', 'stone'),
  live: word('Live', 'leaf'),
  paused: word('Paused', 'amber'),
  cancelled: word('Cancelled', 'rose'),
  completed: word('Completed', 'sky'),
  pending: word('Waits to enter', 'stone'),
  entered: word('Under way', 'leaf'),
  closed: word('Closed', 'stone'),
};

const customerStates: Readonly<Record<string, Word>> = {
  active: word('Active', 'leaf'),
  renewed: word('Renewed', 'leaf'),
  churned: word('Churned', 'rose'),
  notice: word('Notice given', 'amber'),
};

const answers: Readonly<Record<string, Word>> = {
  accepted: word('Accepted', 'leaf'),
  declined: word('Declined', 'rose'),
  question: word('Question', 'sky'),
  complaint: word('Complaint', 'rose'),
  'opt-out': word('Opt-out', 'rose'),
  'opt-in': word('Opt-in', 'leaf'),
  help: word('Help', 'sky'),
  'auto-reply': word('Auto-reply, not counted', 'stone'),
  bounce: word('Bounce, not counted', 'stone'),
  unclear: word('Unclear', 'amber'),
};

const happenings: Readonly<Record<string, Word>> = {
  saved: word('saved', 'leaf'),
  treat: word('offer', 'sky'),
  none: word('none', 'stone'),
  defer: word('deferred', 'amber'),
  block: word('blocked', 'rose'),
  stop: word('stop', 'rose'),
  declined: word('declined', 'rose'),
  question: word('question', 'sky'),
  closed: word('closed', 'stone'),
};

const messageStates: Readonly<Record<string, Word>> = {
  planned: word('planned', 'stone'),
  claimed: word('being sent', 'stone'),
  submitting: word('being sent', 'stone'),
  accepted: word('accepted by the provider', 'leaf'),
  delivered: word('delivered', 'leaf'),
  bounced: word('bounced', 'rose'),
  rejected: word('rejected', 'rose'),
  unknown: word('unknown, to be settled', 'amber'),
  withdrawn: word('withdrawn', 'stone'),
  late: word('too late to send', 'amber'),
};

const offerStates: Readonly<Record<string, Word>> = {
  open: word('open', 'sky'),
  accepted: word('accepted', 'leaf'),
  declined: word('declined', 'rose'),
  expired: word('expired', 'stone'),
  withdrawn: word('withdrawn', 'stone'),
};

const channels: Readonly<Record<string, string>> = vocabulary.channels;
const meanings: Readonly<Record<string, string>> = vocabulary.meanings;

/** Short, for a list of counts, and as a sentence, for one customer. */
const reasons: Readonly<Record<string, readonly [string, string]>> = {
  'quiet-hours': ['quiet hours', 'It was within quiet hours where the customer lives.'],
  cap: ['cap', 'The customer has had as many messages as the contact policy allows for now.'],
  gap: ['gap', 'The last message to the customer was too recent.'],
  priority: ['priority', 'A campaign of higher priority is about to write to the same customer.'],
  'preferred-hour': ['better hour', 'The customer usually answers at another hour, which comes soon.'],
  'never-open': ['no hour', 'The customer’s preferred hours and the allowed hours do not overlap.'],
  'hour-learnt': ['usual hour', 'The customer usually answers at this hour.'],
  'channel-stated': ['preferred', 'The customer prefers this channel.'],
  'channel-learnt': ['learnt', 'The customer answers on this channel more than others do.'],
  'channel-usual': ['usual', 'Customers usually answer on this channel.'],
  'no-consent': ['no consent', 'The customer has not agreed to marketing on this channel.'],
  'conversation-over': ['conversation over', 'WhatsApp accepts no free text more than a day after the customer last wrote.'],
  'channel-off': ['not set up', 'This channel is not set up.'],
  withdrawn: ['opted out', 'The customer wants no messages about the contract on this channel.'],
  suppressed: ['suppressed', 'The address is on the suppression list.'],
  objected: ['objected', 'The customer objected to marketing.'],
  'dead-address': ['dead address', 'The provider reported that this address does not exist.'],
  'no-address': ['no address', 'There is no address for this channel.'],
  'no-template': ['no template', 'The template is no longer published.'],
  'no-text': ['no text', 'The template has no text for this channel.'],
  'missing-value': ['value missing', 'The text would show a missing value, such as an offer or a name.'],
  'no-channel': ['no channel left', 'No channel was left to try.'],
  'unknown-zone': ['unknown zone', 'The customer’s time zone is not known, so quiet hours cannot be respected.'],
  'offer-closed': ['offer closed', 'The offer was no longer open.'],
  'offer-expires': ['offer would expire', 'The offer would have expired before a message was allowed.'],
  allowed: ['allowed', 'The contact policy allowed it.'],
  service: ['service', 'It is about the contract, which needs no consent to marketing.'],
  budget: ['budget', 'The campaign’s budget was too low for it.'],
  'nothing-pays': ['nothing pays', 'Every candidate was expected to cost more than it brings.'],
  'not-eligible': ['not eligible', 'The customer does not meet its condition.'],
  'other-currency': ['other currency', 'It is priced in another currency than the customer’s.'],
  'no-charge': ['no charge', 'The customer’s monthly charge is not known, and the treatment does not say what a kept customer is worth.'],
  'no-score': ['no score', 'The customer has no churn score to judge by.'],
  'best-value': ['best value', 'It had the highest expected profit.'],
  'already-offered': ['offered already', 'It was already offered.'],
  'always-possible': ['always possible', 'Doing nothing is always possible.'],
  pays: ['pays', 'It pays off:'],
  'does-not-pay': ['does not pay', 'It does not pay off:'],
};

const find = (table: Readonly<Record<string, Word>>, code: string, tone: Tone = 'stone'): Word => table[code] ?? word(plain(code), tone);

export const outcomeWord = (code: string): Word => find(outcomes, code);
export const stateWord = (code: string): Word => find(states, code);
export const answerWord = (code: string): Word => find(answers, code);
export const happeningWord = (code: string): Word => find(happenings, code);
export const messageWord = (code: string): Word => find(messageStates, code);
export const offerWord = (code: string): Word => find(offerStates, code);
/** A channel within a sentence: "e-mail", "SMS". */
export const channelInText = (code: string): string => channels[code] ?? code.replaceAll(/[-_]/g, ' ');
export const channelName = (code: string): string => capital(channelInText(code));
export const shortReason = (code: string): string => reasons[code]?.[0] ?? code.replaceAll(/[-_]/g, ' ');
/** A reason as a sentence. A text with spaces is not a code, and is shown as it is. */
export const reasonSentence = (code: string): string =>
  reasons[code]?.[1] ?? (code.includes(' ') ? `${code.replace(/\.$/, '')}.` : `${plain(code)}.`);
export const decisionKinds: Readonly<Record<string, Word>> = {
  treat: word('treatment chosen', 'leaf'),
  none: word('nothing offered', 'stone'),
  send: word('send', 'leaf'),
  defer: word('deferred', 'amber'),
  block: word('blocked', 'rose'),
  assess: word('checked again', 'stone'),
};
export const decisionWord = (code: string): Word => find(decisionKinds, code);

export const messageStateCodes = Object.keys(messageStates);
export const channelCodes = Object.keys(channels);
/** The possible classifications of an answer that waits at the desk. */
export const taskCodes: readonly string[] = vocabulary.tasks;
/** The meanings that a person may choose for an answer. */
export const meaningName = (code: string): string => meanings[code] ?? (code === 'none' ? 'None of these' : plain(code));
export const reasonCodes = Object.keys(reasons);
export const outcomeCodes = Object.keys(outcomes);
export const enrolmentStates = ['pending', 'entered', 'paused', 'closed'] as const;

/** The state of an enrolment in one word: its outcome if it has one. */
export function standingWord({
  arm,
  state,
  outcome,
}: {
  readonly arm: string;
  readonly state: string;
  readonly outcome: string | null;
}): Word {
  if (state === 'closed' && outcome !== null) return outcomeWord(outcome);
  return arm === 'holdout' && state !== 'pending' ? outcomeWord('held-out') : stateWord(state);
}

/** How a customer stands, in one word. Who is to churn on a later day has given notice. */
export const customerWord = ({ status, churnedAt }: { readonly status: string; readonly churnedAt: string | null }): Word =>
  find(customerStates, status !== 'churned' && churnedAt !== null ? 'notice' : status);
export const customerStatusCodes = ['active', 'renewed', 'churned'] as const;

/** An attribute, a feature or the kind of an event by its name, as a reader has it: "ticket.opened" as "Ticket opened". */
export const spelledOut = (name: string): string => capital(name.replaceAll(/[._-]/g, ' '));

/** Customers without a name are distinguished by the end of their id. */
export const customerName = (customer: { id: string; name: string | null }): string =>
  customer.name ?? `Customer …${customer.id.slice(-6)}`;

/** "1 customer", "12 customers". */
export const plural = (n: number, one: string, many: string = `${one}s`): string =>
  `${new Intl.NumberFormat().format(n)} ${n === 1 ? one : many}`;

/** "a, b and c". */
export const listed = (parts: readonly string[]): string => new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(parts);
