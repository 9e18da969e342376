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

/** The meanings that a person may choose for an answer; `none` requests nothing, or was handled elsewhere. */
export const meanings = (): readonly Meaning[] => [...namesWith(({ meaning }) => meaning !== undefined), 'none'];
export type Meaning = Answer | 'none';

/** The facts that decide what a choice at the desk does. */
export interface ChoiceFacts {
  readonly kind: TaskKind;
  readonly channel: Channel;
  /** The answer refers to one of our messages. */
  readonly toMessage: boolean;
  /** The offer in question, `expired` as soon as its time is over; null if there is none. */
  readonly offer: OfferState | null;
  /** The journey that would be notified; null if none runs. */
  readonly journey: { readonly graph: JourneyGraph; readonly at: string | null; readonly listened: string | null } | null;
  /** Another answer in the same journey waits at the desk. */
  readonly otherTaskWaits: boolean;
}

/** The effects of one choice. The desk first shows them and then performs them from the same value. */
export interface Choice {
  readonly answer: Meaning;
  /** It cannot be chosen, because the offer has ended in another way. */
  readonly unavailable: boolean;
  /** The state of the offer afterwards, and its cause; `by` is null if it does not change. Null if there is no offer. */
  readonly offer: { readonly becomes: OfferState; readonly by: 'choice' | 'journey' | null } | null;
  /** The answer for the journey, and where it leads; null if none runs. */
  readonly journey:
    | { readonly notified: true; readonly leads: AnswerPreview }
    | { readonly notified: false; readonly because: 'already-notified' | 'nothing-to-send' }
    | null;
  /** The purposes for which nothing more is sent to the address. */
  readonly ends: readonly Purpose[];
}

/** The effects of every choice now. Pure. */
export function choicesOf(facts: ChoiceFacts): readonly Choice[] {
  return meanings().map((answer) => choiceOf(facts, answer));
}

/** The effects of one choice now. Pure. */
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

/** The state of the offer after an answer that accepts or declines it. */
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
  // The journey does not get again what it got when the answer arrived.
  if (answer === kind) return { notified: false, because: 'already-notified' };
  return { notified: true, leads: previewAnswer(journey.graph, journey.at, journey.listened, answer) };
}

/** An offer that was already accepted or declined is not new; neither is a "yes" without a message from us. */
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
