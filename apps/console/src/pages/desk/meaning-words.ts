import type { Choice, ListedTask } from '../../api/types.js';
import { money } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { channelInText, meaningName, offerWord, outcomeWord } from '../../format/words.js';

type Offer = NonNullable<ListedTask['offer']>;

/** The consequences of a choice, in words. They are built from the same facts that the api will use. */
export function consequence(task: ListedTask, choice: Choice): string {
  if (choice.unavailable) return `The offer is no longer open: it is ${offerWord(task.offer?.state ?? 'closed').text}.`;
  return [endsText(task, choice), offerText(task, choice), journeyText(choice)].filter((sentence) => sentence !== '').join(' ');
}

function endsText({ response: { channel } }: ListedTask, { ends }: Choice): string {
  if (ends.length === 0) return '';
  const what = ends.includes('service')
    ? `Nothing more by ${channelInText(channel)} to this address, not even about the contract`
    : `No more marketing by ${channelInText(channel)} to this address`;
  return `${what}; planned messages are withdrawn. Only the customer can reverse it.`;
}

function offerText({ offer }: ListedTask, { offer: fate }: Choice): string {
  if (offer === null || fate === null) return 'There is no offer.';
  if (fate.by === null && fate.becomes !== 'open') return `The offer is ${offerWord(fate.becomes).text} already; nothing more is done.`;
  return fates[fate.becomes]?.(offer) ?? '';
}

const fates: Readonly<Record<string, (offer: Offer) => string>> = {
  open: ({ expiresAt }) => `The offer stays open until ${moment(expiresAt)}.`,
  accepted: ({ title, cost, currency }) => `The customer accepts “${title}”: ${money(cost, currency)} is spent.`,
  declined: ({ title, cost, currency }) => `The customer declines “${title}”: ${money(cost, currency)} goes back to the budget.`,
  expired: ({ title, cost, currency }) => `“${title}” expires with the journey: ${money(cost, currency)} goes back to the budget.`,
  withdrawn: ({ title, cost, currency }) => `“${title}” is withdrawn with the journey: ${money(cost, currency)} goes back to the budget.`,
};

function journeyText({ journey, answer }: Choice): string {
  if (journey === null) return 'The journey has ended.';
  if (!journey.notified)
    return journey.because === 'already-notified' ? 'The journey was notified already.' : 'The journey is not notified.';
  const { leads } = journey;
  return leads.kind === 'ends'
    ? `The journey gets “${meaningName(answer).toLowerCase()}” and ends: ${outcomeWord(leads.outcome).text.toLowerCase()}.`
    : `The journey gets “${meaningName(answer).toLowerCase()}” and continues with ${leads.step}.`;
}
