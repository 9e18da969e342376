import type { EntityManager } from '@mikro-orm/postgresql';
import type { Purpose } from '../../channels/purpose.js';
import type { Channel } from '../../channels/table.js';
import { query } from '../../persistence/sql.js';
import { reportFailures, type FailedMessage } from '../ledger/failure.js';

/** The messages that a customer no longer gets. */
export interface Ended {
  readonly customerId: string;
  readonly channel: Channel;
  readonly purpose: Purpose;
}

/**
 * Withdraws planned messages for purposes that have ended, and notifies their journeys, which use the next channel. The caller holds the
 * locks of the contact points, so that nothing is planned in the meantime.
 * @param except the enrolment that is notified in another way; null if there is none
 * @returns how many messages were withdrawn
 */
export async function takeBackPlanned(tx: EntityManager, ended: readonly Ended[], except: string | null, now: Date): Promise<number> {
  if (ended.length === 0) return 0;
  const taken = await query<FailedMessage>(
    tx,
    `with planned as materialized (
       select distinct m.id from unnest($1::uuid[], $2::text[], $3::text[]) as w (customer_id, channel, purpose)
       cross join lateral (
         select id from message
         where customer_id = w.customer_id and channel = w.channel and purpose = w.purpose and state in ('planned', 'claimed') limit 1000) m
     ), locked as materialized (
       select m.id from planned join message m on m.id = planned.id
       where (m.state in ('planned', 'claimed')) is true order by m.id for update of m
     )
     update message m set state = 'withdrawn', lease_until = null, settled_at = $4
     from locked where m.id = locked.id returning m.id, m.enrolment_id as "enrolmentId", m.channel`,
    [ended.map(({ customerId }) => customerId), ended.map(({ channel }) => channel), ended.map(({ purpose }) => purpose), now],
  );
  await reportFailures(
    tx,
    taken.filter(({ enrolmentId }) => except === null || enrolmentId !== except),
    'rejected',
    now,
  );
  return taken.length;
}
