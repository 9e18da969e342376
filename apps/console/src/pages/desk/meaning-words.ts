import type { Choice, ListedTask } from '../../api/types.js';
import { money } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { channelInText, meaningName, offerWord, outcomeWord } from '../../format/words.js';

type Offer = NonNullable<ListedTask['offer']>;

/**
 * What a choice will do, in words. The api says what: the words are put together from the very facts by which it is done.
 */
export function consequence(task: ListedTask, choice: Choice): string {
  if (choice.barred) return `The offer is no longer open: it is ${offerWord(task.offer?.state ?? 'closed').text}.`;
  return [endsText(task, choice), offerText(task, choice), journeyText(choice)].filter((sentence) => sentence !== '').join(' ');
}

function endsText({ response: { channel } }: ListedTask, { ends }: Choice): string {
  if (ends.length === 0) return '';
  const what = ends.includes('service')
    ? `Nothing more by ${channelInText(channel)} to this address, not even about the contract`
    : `No more marketing by ${channelInText(channel)} to this address`;
  return `${what}; what is planned of it is withdrawn. Only the customer can take it back.`;
}

function offerText({ offer }: ListedTask, { offer: fate }: Choice): string {
  if (offer === null || fate === null) return 'No offer is at stake.';
  if (fate.by === null && fate.becomes !== 'open')
    return `The offer is ${offerWord(fate.becomes).text} already; nothing more is done about it.`;
  return fates[fate.becomes]?.(offer) ?? '';
}

const fates: Readonly<Record<string, (offer: Offer) => string>> = {
  open: ({ expiresAt }) => `The offer stays open until ${moment(expiresAt)}.`,
  accepted: ({ title, cost, currency }) => `The customer takes “${title}”: ${money(cost, currency)} is spent.`,
  declined: ({ title, cost, currency }) => `The customer refuses “${title}”: ${money(cost, currency)} goes back to the budget.`,
  expired: ({ title, cost, currency }) => `“${title}” expires with the journey: ${money(cost, currency)} goes back to the budget.`,
  withdrawn: ({ title, cost, currency }) => `“${title}” is withdrawn with the journey: ${money(cost, currency)} goes back to the budget.`,
};

function journeyText({ journey, answer }: Choice): string {
  if (journey === null) return 'No journey runs any more.';
  if (!journey.notified)
    return journey.because === 'already-notified' ? 'The journey has heard of it.' : 'The journey is left where it is.';
  const { leads } = journey;
  return leads.kind === 'ends'
    ? `The journey hears “${meaningName(answer).toLowerCase()}” and ends: ${outcomeWord(leads.outcome).text.toLowerCase()}.`
    : `The journey hears “${meaningName(answer).toLowerCase()}” and goes on to ${leads.step}.`;
}
