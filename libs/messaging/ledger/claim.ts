import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../../channels/table.js';
import { mayWriteToSql } from '../../customers/may-write.js';
import { query } from '../../persistence/sql.js';
import { reportFailures, type FailedMessage } from './failure.js';

/** A claimed message: it can be marked and settled only with the fence of its claim. */
export interface ClaimedMessage {
  readonly id: string;
  readonly fence: number;
  /** How often it had been submitted before. */
  readonly attempts: number;
}

/** The states of a campaign in which its messages are sent. */
export const sending = `('live', 'completed')`;

/**
 * Claims planned messages whose time has come and has not passed. Single requests (replies of the desk, messages without a campaign) go
 * first, but take at most half of a claim while running campaigns have something to send, so that neither starves the other. Half of the
 * campaigns' share is divided equally among those that have messages, so that none waits for another's million; the rest goes by the
 * campaigns' priority, then by age. Within a campaign, and among single requests, the oldest go first. A message that may no longer be sent
 * to its address is withdrawn in the same statement, and its journey is notified in the same transaction.
 *
 * Only running campaigns are read, each by its own part of an index: a paused one costs nothing, however many messages it has planned.
 * Claimers of one channel take turns, so that two do not choose the same messages and one gets nothing.
 * @param leaseMs how long the claim lasts, in campaign milliseconds; longer than a provider may take to reply
 */
export async function claim(tx: EntityManager, channel: Channel, limit: number, leaseMs: number, now: Date): Promise<ClaimedMessage[]> {
  await query(tx, `select pg_advisory_xact_lock(hashtext('claim'), hashtext($1))`, [channel]);
  const rows = await query<ClaimedMessage & FailedMessage & { state: string; ordinal: number }>(tx, claimStatement(), [
    channel,
    limit,
    now,
    new Date(now.getTime() + leaseMs),
  ]);
  await reportFailures(
    tx,
    rows.filter((row) => row.state === 'withdrawn'),
    'rejected',
    now,
  );
  return rows
    .filter((row) => row.state === 'claimed')
    .sort((a, b) => a.ordinal - b.ordinal)
    .map(({ id, fence, attempts }) => ({ id, fence, attempts }));
}

/**
 * $1 channel, $2 limit, $3 now, $4 end of the lease. If a claim is odd, which includes a claim of one, chance decides which half gets the
 * last message. Chosen messages are locked by id: for `is true` see `markStatement`. The statement lists the channels, to which an
 * installation may add until it starts; after that it is always the same text, so that it can be prepared.
 */
export const claimStatement = (): string => `
  with due as materialized (
    select d.id, k.priority, d.not_before, row_number() over (partition by k.id order by d.not_before, d.id) as place,
           dense_rank() over (order by k.id) as campaign
    from campaign k cross join lateral (
      select m.id, m.not_before from message m
      where m.campaign_id = k.id and m.channel = $1 and m.state = 'planned' and m.not_before <= $3 and m.send_before > $3
      order by m.not_before, m.id limit $2
    ) d
    where k.state in ${sending}
  ), singles as materialized (
    select m.id, row_number() over (order by m.not_before, m.id) as place from message m
    where m.campaign_id is null and m.channel = $1 and m.state = 'planned' and m.not_before <= $3 and m.send_before > $3
    order by m.not_before, m.id limit $2
  ), half as materialized (
    select floor($2::int / 2.0 + random()) as size
  ), chosen as materialized (
    select id, row_number() over (order by lane, place) as ordinal from (
      select id, case when place <= (select size from half) then 0 else 2 end as lane, place from singles
      union all
      select id, 1, row_number() over () from (
        select id from due
        order by place * 2 * (select max(campaign) from due) > $2::int, priority desc, not_before, id limit $2
      ) ranked
    ) lined_up order by lane, place limit $2
  ), locked as materialized (
    select m.id, chosen.ordinal from chosen join message m on m.id = chosen.id
    where (m.state = 'planned') is true for update of m skip locked
  ), judged as materialized (
    select m.id, l.ordinal, p.address_hash,
           p.id is null or not ${mayWriteToSql({ customer: 'c', point: 'p', purpose: 'm.purpose' })} as blocked
    from locked l join message m on m.id = l.id left join contact_point p on p.id = m.contact_point_id join customer c on c.id = m.customer_id
  )
  update message m set
    state = case when j.blocked then 'withdrawn' else 'claimed' end,
    fence = m.fence + 1,
    address_hash = j.address_hash,
    lease_until = case when j.blocked then null else $4::timestamptz end,
    settled_at = case when j.blocked then $3::timestamptz end
  from judged j where m.id = j.id
  returning m.id, m.fence, m.attempts, m.state, m.enrolment_id as "enrolmentId", m.channel, j.ordinal`;
