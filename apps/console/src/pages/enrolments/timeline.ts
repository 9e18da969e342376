import type { DecisionRow, EnrolmentStory, MessageRow, OfferRow, ResponseRow, VisitRow } from '../../api/types.js';

/** One event of an enrolment. */
export type TimelineEntry = { readonly at: string; readonly id: string } & (
  | { readonly kind: 'enrolled' }
  | { readonly kind: 'entered' }
  | { readonly kind: 'visit'; readonly visit: VisitRow }
  | { readonly kind: 'decision'; readonly decision: DecisionRow }
  | { readonly kind: 'offer'; readonly offer: OfferRow }
  | { readonly kind: 'message'; readonly message: MessageRow }
  | { readonly kind: 'response'; readonly response: ResponseRow }
  | { readonly kind: 'closed' }
);

/** Within a step, causes come before effects. */
const causes: Readonly<Record<TimelineEntry['kind'], number>> = {
  enrolled: 0,
  entered: 1,
  visit: 2,
  decision: 3,
  offer: 4,
  message: 5,
  response: 6,
  closed: 7,
};

/**
 * Everything that is stored of an enrolment, step by step, and within a step in the order in which it happened. A visit is stamped when its
 * step was reached and its decisions when they were stored, a moment later: with a fast clock that is after the next visit, so that
 * instants alone would mix up the steps.
 */
export function timeline(story: EnrolmentStory): readonly TimelineEntry[] {
  const entries: TimelineEntry[] = [
    { kind: 'enrolled', id: 'enrolled', at: story.createdAt },
    ...(story.enteredAt === null ? [] : [{ kind: 'entered' as const, id: 'entered', at: story.enteredAt }]),
    ...story.visits.map((visit) => ({ kind: 'visit' as const, id: `visit ${visit.ordinal}`, at: visit.enteredAt, visit })),
    ...story.decisions.map((decision) => ({ kind: 'decision' as const, id: decision.id, at: decision.at, decision })),
    ...story.offers.map((offer) => ({ kind: 'offer' as const, id: offer.id, at: offer.issuedAt, offer })),
    ...story.messages.map((message) => ({ kind: 'message' as const, id: message.id, at: message.plannedAt, message })),
    ...story.responses.map((response) => ({ kind: 'response' as const, id: response.id, at: response.receivedAt, response })),
    ...(story.closedAt === null ? [] : [{ kind: 'closed' as const, id: 'closed', at: story.closedAt }]),
  ];
  return entries
    .map((entry) => ({ entry, at: Date.parse(entry.at), ordinal: ordinalOf(entry, story) }))
    .sort((a, b) => a.ordinal - b.ordinal || rank(a.entry) - rank(b.entry) || a.at - b.at || causes[a.entry.kind] - causes[b.entry.kind])
    .map(({ entry }) => entry);
}

/** The enrolment comes before the entry, and the visit of a step before its actions, whatever the clocks say. */
const rank = ({ kind }: TimelineEntry): number => (kind === 'enrolled' ? 0 : kind === 'entered' || kind === 'visit' ? 1 : 2);

/** The ordinal of the visit that an entry belongs to: 0 before the first, infinity after the last. */
function ordinalOf(entry: TimelineEntry, story: EnrolmentStory): number {
  const last = (belongs: (visit: VisitRow) => boolean): number => story.visits.findLast(belongs)?.ordinal ?? 0;
  switch (entry.kind) {
    case 'enrolled':
    case 'entered':
      return 0;
    case 'visit':
      return entry.visit.ordinal;
    case 'decision':
      return last(({ step }) => step === entry.decision.step);
    case 'offer':
      return last(({ step }) => step === entry.offer.step);
    case 'message':
      return last(({ step }) => step === entry.message.step);
    case 'response':
      return last(({ enteredAt }) => Date.parse(enteredAt) <= Date.parse(entry.at));
    case 'closed':
      return Infinity;
  }
}
