import type { DomainEvent, EventKind } from '../../../../libs/outbox/event-kinds.js';
import { enrolAfterChange, followCrossing, lookAtScores } from './enrol-by-score.js';
import { rescoreAfterChange } from './rescore.js';
import { signalChange, signalErasure, signalFailure, signalResponse } from './signal-journeys.js';
import type { Subscriber, Surroundings } from './subscriber.js';

/** Who handles which events. Every kind of event has its list, also if nobody does. */
export type Subscribers = { readonly [Kind in EventKind]: readonly Subscriber<Kind>[] };

export const subscribers: Subscribers = {
  'customer.changed': [signalChange, rescoreAfterChange, enrolAfterChange],
  'customer.erased': [signalErasure],
  'score.crossed': [followCrossing],
  'customers.scored': [lookAtScores],
  'message.failed': [signalFailure],
  'response.received': [signalResponse],
  'offer.accepted': [],
  'enrolment.ended': [],
  'alert.raised': [],
};

/**
 * The kinds of events to which nobody subscribes. A worker of an older build passes over what only a newer one subscribes to: a new subscriber
 * gets every event once the older workers have stopped (docs/running.md).
 */
export const unsubscribedKinds = (all: Subscribers): string[] =>
  Object.entries(all).flatMap(([kind, those]) => (those.length === 0 ? [kind] : []));

/** Delivers an event to all of its subscribers, one after the other. */
export function deliverTo(all: Subscribers, around: Surroundings): (event: DomainEvent) => Promise<void> {
  return async <Kind extends EventKind>(event: DomainEvent<Kind>) => {
    const those: readonly Subscriber<Kind>[] = all[event.kind];
    for (const subscriber of those) await subscriber(event, around);
  };
}
