import type { ListedTask, Meaning } from '../../api/types.js';
import { money } from '../../format/number.js';
import { channelInText, offerWord } from '../../format/words.js';

export const meanings: readonly Meaning[] = ['accepted', 'declined', 'question', 'opt-out', 'none'];

export const meaningName: Readonly<Record<Meaning, string>> = {
  accepted: 'Accepted',
  declined: 'Declined',
  question: 'A question',
  'opt-out': 'Opt-out',
  none: 'Nothing of these',
};

/** What a meaning will do, before it is done. */
export interface Consequence {
  readonly text: string;
  /** It cannot be chosen. */
  readonly barred: boolean;
}

const does = (...sentences: readonly string[]): Consequence => ({ text: sentences.filter((one) => one !== '').join(' '), barred: false });

/** As libs/customers/suppression-scope.ts has it. */
const optOutEnds = (channel: string): string =>
  channel === 'email'
    ? 'No more marketing by e-mail to this address'
    : `Nothing more by ${channelInText(channel)} to this address, not even about the contract`;

const heard = ({ underway }: ListedTask, answer: string): string =>
  underway ? `The journey goes on: ${answer}.` : 'No journey runs any more.';

const consequences: Readonly<Record<Meaning, (task: ListedTask) => Consequence>> = {
  accepted: (task) =>
    settles(task, 'accepted', ({ title, cost, currency }) => `The customer takes “${title}”: ${money(cost, currency)} is spent.`),
  declined: (task) =>
    settles(
      task,
      'declined',
      ({ title, cost, currency }) => `The customer refuses “${title}”: ${money(cost, currency)} goes back to the budget.`,
    ),
  question: (task) =>
    does(
      'The offer stays as it is; answer the customer yourself.',
      task.kind === 'question' ? 'The journey has heard of it.' : heard(task, 'question'),
    ),
  'opt-out': (task) =>
    does(
      `${optOutEnds(task.response.channel)}; what is planned of it is withdrawn. Only the customer can take it back.`,
      heard(task, 'opt-out'),
    ),
  none: ({ underway }) => does('Nothing is done.', underway ? 'The journey is left where it is.' : ''),
};

/** Says first how much it costs, what the customer gets or no longer gets, and what the journey does. */
export const consequence = (task: ListedTask, meaning: Meaning): Consequence => consequences[meaning](task);

function settles(
  task: ListedTask,
  answer: 'accepted' | 'declined',
  told: (offer: NonNullable<ListedTask['offer']>) => string,
): Consequence {
  const { offer } = task;
  if (offer === null) return does('No offer is at stake.', heard(task, answer));
  if (offer.state === 'open') return does(told(offer), heard(task, answer));
  if (offer.state === answer) return does(`The offer is ${answer} already; nothing more is done.`);
  return { text: `The offer is no longer open: it is ${offerWord(offer.state).text}.`, barred: true };
}
