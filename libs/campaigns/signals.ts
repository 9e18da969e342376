import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../platform/ids.js';
import { query } from '../persistence/sql.js';
import type { JourneySignal } from '../journeys/journey-signal.js';

export interface OpenSignal {
  readonly id: string;
  readonly enrolmentId: string;
  readonly signal: JourneySignal;
  /** The enrolment has its outcome: nobody is left to be told. */
  readonly closed: boolean;
}

/** Leaves word for a journey, in the transaction of `em`. Nothing is lost if the process dies before it is delivered. */
export async function leaveSignal(em: EntityManager, enrolmentId: string, signal: JourneySignal, now: Date): Promise<void> {
  await query(em, 'insert into pending_signal (id, enrolment_id, signal, created_at) values ($1, $2, $3, $4)', [
    newId(),
    enrolmentId,
    JSON.stringify(signal),
    now,
  ]);
}

/**
 * Takes undelivered signals, oldest first, and locks them until the transaction of `em` ends, so that two relays never
 * hold the same one.
 */
export async function takeSignals(em: EntityManager, limit: number): Promise<OpenSignal[]> {
  return query<OpenSignal>(
    em,
    `select s.id, s.enrolment_id as "enrolmentId", s.signal, e.state = 'closed' as closed
     from pending_signal s join enrolment e on e.id = s.enrolment_id
     where s.delivered_at is null order by s.created_at limit $1 for update of s skip locked`,
    [limit],
  );
}

export async function markDelivered(em: EntityManager, ids: readonly string[], now: Date): Promise<void> {
  await query(em, 'update pending_signal set delivered_at = $2 where id = any($1::uuid[])', [ids, now]);
}
