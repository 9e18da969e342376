import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../../channels/table.js';
import { mayWriteToSql } from '../../customers/may-write.js';
import { query } from '../../persistence/sql.js';
import { reportFailures, type FailedMessage } from './failure.js';

/** A message in hand: whoever marks or settles it must show the fence it was claimed with. */
export interface ClaimedMessage {
  readonly id: string;
  readonly fence: number;
  /** How often it had been submitted before. */
  readonly attempts: number;
}

/** The states of a campaign whose messages are sent. */
export const sending = `('live', 'completed')`;

/**
 * Claims planned messages whose time has come and has not passed. What was asked for one by one (replies of the desk, messages without a
 * campaign) goes first, but takes no more than half of a claim while campaigns that run have something to send: neither starves the
 * other. Half of what the campaigns get is shared equally by those that have any, so that none waits for another's million; the rest goes by
 * the campaigns' priority, then by age. Within a campaign, and among what was asked for one by one, the oldest go first. What may no longer be sent to its address is withdrawn in
 * the same statement, and its journey notified in the same transaction.
 *
 * Only campaigns that run are looked into, each by its own stretch of an index: a paused one costs nothing, however much
 * it has planned. Claimers of one channel take turns, so that two do not choose the same and one goes away with nothing.
 * @param leaseMs how long the claim holds, in campaign milliseconds; longer than a provider may take to answer
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

/** $1 channel, $2 limit, $3 now, $4 end of the lease. The odd message of a claim, which may be its only one, goes to either half by chance. What was chosen is locked by its id: for `is true` see `markStatement`. It names the channels, to which an installation may add until it starts; from then on it is the same text each time, which is prepared. */
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
