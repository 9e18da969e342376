import type { DecisionRow, EnrolmentStory } from '../../api/types.js';
import { money } from '../../format/number.js';
import { moment } from '../../format/time.js';
import { channelInText, messageWord, reasonSentence } from '../../format/words.js';

/** A campaign's names of its steps and treatments. */
export interface Names {
  readonly step: (id: string) => string;
  readonly treatment: (key: string) => string;
  /** Whether a step only ends the journey. */
  readonly isEnding: (id: string) => boolean;
}

/** Why this customer got an offer or nothing, in one or two sentences, shown before the timeline that proves it. */
export function verdict(story: EnrolmentStory, names: Names, currency: string): string {
  return [...because(story, names, currency), standing(story, names)].filter((sentence) => sentence !== '').join(' ');
}

function because(story: EnrolmentStory, names: Names, currency: string): string[] {
  if (story.arm === 'holdout') {
    return ['Gets nothing on purpose: the random split put this customer into the holdout, which the treated customers are compared with.'];
  }
  if (story.state === 'pending') return ['Has not entered yet: customers who enrolled earlier go first.'];
  const offer = story.offers.at(-1);
  if (!offer) {
    const none = story.decisions.findLast(({ kind }) => kind === 'none');
    return [none ? `Got no offer: ${nonePays(none, names, currency)}` : 'Got no offer: no treatment has been chosen.'];
  }
  const message = story.messages.at(-1);
  const refused = story.decisions.findLast(({ kind }) => kind === 'block' || kind === 'defer');
  const why = whyThis(story, offer.treatment, currency);
  if (message) return [`Was offered “${offer.title}” by ${channelInText(message.channel)} (${messageWord(message.state).text})${why}.`];
  if (!refused) return [`Will be offered “${offer.title}”${why}; no message has been planned yet.`];
  const outcome = refused.kind === 'defer' ? 'but it has not been sent yet' : 'but it was not sent';
  return [`Should have been offered “${offer.title}”${why}, ${outcome}: ${lowerFirst(reasonSentence(refused.reasons[0] ?? ''))}`];
}

function whyThis(story: EnrolmentStory, treatment: string, currency: string): string {
  const candidates = story.decisions.findLast(({ kind, subject }) => kind === 'treat' && subject === treatment)?.candidates ?? [];
  const value = candidates.find(({ key }) => key === treatment)?.value ?? null;
  if (value === null) return '';
  const best = candidates.every((other) => other.value === null || other.value <= value);
  return `, as it was expected to bring ${money(value, currency, { signed: true })}${best && candidates.length > 1 ? ', the most of all candidates' : ''}`;
}

/** The candidate that always exists: to do nothing, at a value of 0. */
const doNothing = 'nothing';

function nonePays(none: DecisionRow, names: Names, currency: string): string {
  const best = none.candidates
    .filter((candidate) => candidate.eligible && candidate.value !== null && candidate.key !== doNothing)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))[0];
  if (!best || best.value === null) {
    const refused = none.candidates.filter(({ key }) => key !== doNothing);
    return refused.length > 0 && refused.every(({ reasons }) => reasons[0] === 'not-eligible')
      ? 'the customer was eligible for none of the treatments.'
      : lowerFirst(reasonSentence(none.reasons[0] ?? 'nothing-pays'));
  }
  if (none.reasons[0] === 'budget') return 'the campaign’s budget was too low for any treatment that pays.';
  return `nothing pays. The best candidate, ${names.treatment(best.key)}, was expected to bring ${money(best.value, currency, { signed: true })}.`;
}

const endings: Readonly<Record<string, string>> = {
  saved: 'Was saved.',
  'won-back': 'Was won back.',
  recovered: 'Needed nothing when checked again.',
  declined: 'Declined.',
  'opted-out': 'Opted out, and gets no more messages.',
  churned: 'Churned before the campaign ended.',
  'handed-over': 'Asked a question, and was handed over to a person.',
  lapsed: 'Did not answer in time.',
  expired: 'Let the offer expire.',
  unreachable: 'Could not be reached on any channel.',
  cancelled: 'The campaign was cancelled first.',
};

function standing(story: EnrolmentStory, names: Names): string {
  if (story.arm === 'holdout') return retainedText(story);
  if (story.state === 'closed') return [endings[story.outcome ?? ''] ?? '', retainedText(story)].filter(Boolean).join(' ');
  if (story.state === 'paused') return 'Waits at their step, because the campaign is paused.';
  if (story.step === null) return '';
  const until = story.waitingUntil === null ? '' : ` until ${moment(story.waitingUntil)} at the latest`;
  return `Is at “${names.step(story.step)}”${until}.`;
}

function retainedText({ retained }: EnrolmentStory): string {
  if (retained === null) return '';
  return retained ? 'Was still a customer when measured.' : 'Was no longer a customer when measured.';
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
