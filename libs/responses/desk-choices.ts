import type { Outcome } from '../journeys/outcome.js';
import { offerAtEnd } from '../campaigns/open-offer.js';
import type { Purpose } from '../channels/purpose.js';
import type { Channel } from '../channels/table.js';
import { previewAnswer, type AnswerPreview } from '../journeys/preview-answer.js';
import { optOutEnds } from '../customers/may-write.js';
import type { JourneyGraph } from '../journeys/graph.js';
import type { OfferState } from '../offers/offer.entity.js';
import type { OfferMove } from '../journeys/answers/answer-kind.js';
import { answers, namesWith, type Answer } from '../journeys/answers/table.js';
import type { TaskKind } from './task.entity.js';

/** What a person may find an answer to mean; `none` asks for nothing, or was dealt with elsewhere. */
export const meanings = (): readonly Meaning[] => [...namesWith(({ meaning }) => meaning !== undefined), 'none'];
export type Meaning = Answer | 'none';

/** All that decides what a choice at the desk does. */
export interface ChoiceFacts {
  readonly kind: TaskKind;
  readonly channel: Channel;
  /** The answer came to a message of ours. */
  readonly toMessage: boolean;
  /** The offer at stake, `expired` as soon as its time is over; null if none was made. */
  readonly offer: OfferState | null;
  /** The journey that would be notified; null if none runs. */
  readonly journey: { readonly graph: JourneyGraph; readonly at: string | null; readonly listened: string | null } | null;
  /** Another answer within the same journey waits at the desk. */
  readonly otherTaskWaits: boolean;
}

/** What one choice does. The desk shows it before, and does it then: there is no second place that says so. */
export interface Choice {
  readonly answer: Meaning;
  /** It cannot be chosen: the offer has ended otherwise. */
  readonly unavailable: boolean;
  /** How the offer at stake stands afterwards, and by what; `by` is null if it stays as it is. Null if none was made. */
  readonly offer: { readonly becomes: OfferState; readonly by: 'choice' | 'journey' | null } | null;
  /** What the journey gets, and where that leads it; null if none runs. */
  readonly journey:
    | { readonly notified: true; readonly leads: AnswerPreview }
    | { readonly notified: false; readonly because: 'already-notified' | 'nothing-to-send' }
    | null;
  /** The purposes for which nothing more goes to the address. */
  readonly ends: readonly Purpose[];
}

/** What every choice would do now. Pure. */
export function choicesOf(facts: ChoiceFacts): readonly Choice[] {
  return meanings().map((answer) => choiceOf(facts, answer));
}

/** What one choice would do now. Pure. */
export function choiceOf(facts: ChoiceFacts, answer: Meaning): Choice {
  const { offer, channel } = facts;
  const settled = settledBy(answer);
  const unavailable = settled !== undefined && offer !== null && offer !== 'open' && offer !== settled;
  const journey = unavailable ? notNotified(facts) : journeyOf(facts, answer);
  return { answer, unavailable, offer: offerOf(facts, answer, journey), journey, ends: withdraws(answer) ? optOutEnds(channel) : [] };
}

const moveOf = (answer: Meaning): OfferMove | undefined => (answer === 'none' ? undefined : answers.get(answer).offer);
const withdraws = (answer: Meaning): boolean => answer !== 'none' && answers.get(answer).consent === 'withdraw';
const settlements: Readonly<Partial<Record<OfferMove, OfferState>>> = { accept: 'accepted', decline: 'declined' };

/** How an answer leaves the offer at stake where it takes or refuses it. */
function settledBy(answer: Meaning): OfferState | undefined {
  const move = moveOf(answer);
  return move === undefined ? undefined : settlements[move];
}

function notNotified({ journey }: ChoiceFacts): Choice['journey'] {
  return journey === null ? null : { notified: false, because: 'nothing-to-send' };
}

function journeyOf(facts: ChoiceFacts, answer: Meaning): Choice['journey'] {
  const { journey, kind } = facts;
  if (journey === null || answer === 'none' || answers.get(answer).journey === undefined || !isNews(facts, answer))
    return notNotified(facts);
  // What it heard when the answer came, it does not hear twice.
  if (answer === kind) return { notified: false, because: 'already-notified' };
  return { notified: true, leads: previewAnswer(journey.graph, journey.at, journey.listened, answer) };
}

/** An offer that was taken or refused before is no news; nor is a "yes" out of the blue, to a message that nobody sent. */
function isNews({ offer, toMessage }: ChoiceFacts, answer: Meaning): boolean {
  if (settledBy(answer) === undefined) return true;
  return offer === null ? toMessage : offer === 'open';
}

function offerOf({ offer, otherTaskWaits }: ChoiceFacts, answer: Meaning, journey: Choice['journey']): Choice['offer'] {
  if (offer === null) return null;
  if (offer !== 'open') return { becomes: offer, by: null };
  const settled = settledBy(answer);
  if (settled !== undefined) return { becomes: settled, by: 'choice' };
  if (moveOf(answer) === 'release' && journey !== null) return { becomes: 'withdrawn', by: 'choice' };
  const ends =
    journey?.notified === true && journey.leads.kind === 'ends' ? offerAtEnd(journey.leads.outcome as Outcome, otherTaskWaits) : 'open';
  return { becomes: ends, by: ends === 'open' ? null : 'journey' };
}
