import type { EntityManager } from '@mikro-orm/postgresql';
import type { Purpose } from '../../customers/purpose.js';
import type { Channel } from '../../customers/channels.js';
import { query } from '../../persistence/sql.js';
import { tellOfFailure, type FailedMessage } from '../ledger/failure.js';
import { withdrawPlanned } from '../ledger/ledger.js';

/** What customers no longer get. */
export interface Ended {
  readonly customerIds: readonly string[];
  readonly channel: Channel;
  readonly purposes: readonly Purpose[];
}

/**
 * Takes back what is planned for purposes that have ended, and tells its journeys, which take the next channel. The caller
 * holds the contact points' locks, so that nothing is planned meanwhile.
 * @param except the enrolment that hears in another way of what has ended; null where there is none
 * @returns how many messages were taken back
 */
export async function takeBackPlanned(
  tx: EntityManager,
  { customerIds, channel, purposes }: Ended,
  except: string | null,
  now: Date,
): Promise<number> {
  const planned = await query<FailedMessage>(
    tx,
    `select id, enrolment_id as "enrolmentId", channel from message
     where customer_id = any($1::uuid[]) and channel = $2 and purpose = any($3::text[]) and state in ('planned', 'claimed')
     order by id for update`,
    [customerIds, channel, purposes],
  );
  if (planned.length === 0) return 0;
  for (const customerId of customerIds) {
    for (const purpose of purposes) await withdrawPlanned(tx, { customerId, channel, purpose }, now);
  }
  await tellOfFailure(
    tx,
    planned.filter(({ enrolmentId }) => enrolmentId !== except),
    'rejected',
    now,
  );
  return planned.length;
}
