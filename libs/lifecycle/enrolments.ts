import type { EntityManager } from '@mikro-orm/postgresql';
import { withdrawPlanned } from '../messaging/ledger/ledger.js';
import type { NewEvent } from '../outbox/event-kinds.js';
import { writeEvents } from '../outbox/write-events.js';
import { releaseOffers } from '../offers/settle-offer.js';
import { writeOutcome } from '../campaigns/enrolment-progress.js';
import { keepState } from '../campaigns/campaign-lock.js';
import type { Outcome } from '../journeys/outcome.js';
import { offerAtEnd } from '../campaigns/open-offer.js';

/**
 * Ends an enrolment with its outcome: open offers release their cost, unless a person at the desk still has to decide about the customer;
 * the journey's planned messages are withdrawn. The first outcome is kept; closing again changes nothing.
 */
export async function closeEnrolment(tx: EntityManager, enrolmentId: string, outcome: Outcome, now: Date): Promise<void> {
  // A cancellation of the campaign withdraws the offers that are still open: either it sees this offer, or this code sees the cancellation.
  await keepState(tx, enrolmentId);
  await closeEnrolments(tx, [enrolmentId], outcome, now);
}

/** The same for several at once, if the caller holds the lock on the campaign's state until `tx` ends. */
export async function closeEnrolments(tx: EntityManager, enrolmentIds: readonly string[], outcome: Outcome, now: Date): Promise<void> {
  const closed = await writeOutcome(tx, enrolmentIds, outcome, now);
  if (closed.length === 0) return;
  const fates = Map.groupBy(closed, ({ cancelled, taskWaits }) => (cancelled ? 'withdrawn' : offerAtEnd(outcome, taskWaits)));
  for (const [becomes, those] of fates) if (becomes !== 'open') await releaseOffers(tx, idsOf(those), becomes, now);
  await withdrawPlanned(tx, { enrolmentIds: idsOf(closed) }, now);
  const ended = closed.map(({ id: enrolmentId, customerId, campaignId }) => ({ enrolmentId, customerId, campaignId, outcome }));
  await writeEvents(tx, ended.map(endedEvent), now);
}

/** An enrolment that has just got its outcome. */
export interface EndedEnrolment {
  readonly enrolmentId: string;
  readonly customerId: string;
  readonly campaignId: string;
  readonly outcome: string;
}

export const endedEvent = ({ customerId, ...payload }: EndedEnrolment): NewEvent<'enrolment.ended'> => ({
  kind: 'enrolment.ended',
  customerId,
  payload,
});

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);
