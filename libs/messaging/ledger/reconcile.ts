import type { EntityManager } from '@mikro-orm/postgresql';
import pMap from 'p-map';
import type { Channel } from '../../channels/table.js';
import { query } from '../../persistence/sql.js';
import type { Clock } from '../../platform/clock.js';
import type { Logger } from '../../platform/log.js';
import type { ProviderOptOut } from '../contract/opt-out.js';
import type { LookUp, MessageChannel, SentWithoutAnswer } from '../../channels/contract/channel.js';
import { reportFailures } from './failure.js';
import { recordDelivery } from './ledger.js';
import { loadContexts, type CompanyContext } from '../contract/load-contexts.js';
import type { MessageState } from './message.entity.js';
import { messageOf } from '../../platform/message-of.js';

/**
 * Real milliseconds after its submission before "the provider does not have it" is accepted: the request may take `sendTimeoutMs`, and a
 * provider's list shows accepted messages only a little later.
 */
const graceRealMs = 120_000;
/** Real milliseconds between the first two look-ups of a message; later it is half its age, so that an old message costs little. */
const againAfterRealMs = 30_000;
const atOnce = 20;
const lookUpsInParallel = 5;

interface UnknownRow {
  readonly id: string;
  readonly channel: Channel;
  readonly customerId: string;
  readonly contactPointId: string;
  readonly enrolmentId: string;
  readonly submittedAt: Date;
  readonly realNow: Date;
}

export interface Reconciled {
  /** Messages whose result is now known. */
  readonly reconciled: number;
  /** Messages that were looked up and stay unknown. */
  readonly open: number;
}

/**
 * Asks providers about messages whose submission had no reply, and stores the results. Channels without a look-up, and messages of erased
 * customers, are left to reports, answers and an operator. Several processes may do it at once: a look-up has a lease like a claim. If
 * nothing is unknown, it costs one probe of an index.
 * @param optedOut see recordDelivery
 * @param grace real milliseconds after the submission before `not-found` counts
 */
export async function reconcile(
  em: EntityManager,
  channels: ReadonlyMap<Channel, MessageChannel>,
  companyContext: CompanyContext,
  clock: Clock,
  log: Logger,
  optedOut: ProviderOptOut,
  grace = graceRealMs,
): Promise<Reconciled> {
  const asking = [...channels].filter(([, channel]) => channel.lookUp !== undefined).map(([name]) => name);
  if (asking.length === 0) return { reconciled: 0, open: 0 };
  const due = await takeDue(em, asking, clock);
  if (due.length === 0) return { reconciled: 0, open: 0 };

  const ids = due.map(({ id }) => id);
  const contexts = await loadContexts(em.fork(), ids, companyContext);
  let reconciled = 0;
  await pMap(
    due,
    async (row) => {
      const context = contexts.get(row.id);
      const channel = channels.get(row.channel);
      if (context === undefined || channel?.lookUp === undefined) return;
      try {
        const ageRealMs = clock.realMs(clock.now().getTime() - row.submittedAt.getTime());
        const answer = await channel.lookUp({
          messageId: row.id,
          context,
          submittedAt: row.submittedAt,
          realSubmittedAt: new Date(row.realNow.getTime() - ageRealMs),
          knownProviderIds: await providerIdsOf(em.fork(), row),
        } satisfies SentWithoutAnswer);
        if (await em.fork().transactional((tx) => apply(tx, row, answer, ageRealMs >= grace, optedOut, clock.now()))) reconciled += 1;
      } catch (error) {
        log.warn({ messageId: row.id, error: messageOf(error) }, 'an unknown message could not be looked up');
      }
    },
    { concurrency: lookUpsInParallel },
  );
  return { reconciled, open: due.length - reconciled };
}

/** Leases the unknown messages whose next look-up is due, so that nobody else looks them up in the meantime. */
async function takeDue(em: EntityManager, asking: readonly Channel[], clock: Clock): Promise<UnknownRow[]> {
  const now = clock.now();
  const againAfterSeconds = againAfterRealMs / clock.realMs(1_000);
  return query<UnknownRow>(
    em,
    `with due as (
       select id from message
       where state = 'unknown' and contact_point_id is not null and channel = any($1::text[]) and (lease_until is null or lease_until <= $2)
       order by id limit ${atOnce} for update skip locked
     )
     update message m
     set lease_until = $2::timestamptz + greatest(make_interval(secs => $3), ($2::timestamptz - coalesce(m.submitted_at, m.planned_at)) / 2)
     from due where m.id = due.id
     returning m.id, m.channel, m.customer_id as "customerId", m.contact_point_id as "contactPointId", m.enrolment_id as "enrolmentId",
       coalesce(m.submitted_at, m.planned_at) as "submittedAt", clock_timestamp() as "realNow"`,
    [asking, now, againAfterSeconds],
  );
}

/** The provider's ids of other messages to the same address: none of them can be the one that is searched. */
async function providerIdsOf(em: EntityManager, { customerId, contactPointId }: UnknownRow): Promise<ReadonlySet<string>> {
  const rows = await query<{ providerId: string }>(
    em,
    `select provider_id as "providerId" from message where customer_id = $1 and contact_point_id = $2 and provider_id is not null`,
    [customerId, contactPointId],
  );
  return new Set(rows.map(({ providerId }) => providerId));
}

/** @returns whether the result of the message is now known */
async function apply(
  tx: EntityManager,
  row: UnknownRow,
  answer: LookUp,
  afterGrace: boolean,
  optedOut: ProviderOptOut,
  now: Date,
): Promise<boolean> {
  const { id, channel, enrolmentId } = row;
  if (answer.kind === 'found') {
    const { providerId, status, errorCode } = answer;
    if (!(await recordDelivery(tx, { channels: [channel], providerId, messageId: id, status, errorCode, now }, optedOut))) return false;
    await query(tx, `update message set settled_by = 'lookup' where id = $1`, [id]);
    return true;
  }
  if (answer.kind === 'unclear' || !afterGrace) return false;
  const rejected = await query(
    tx,
    `update message set state = 'rejected', error_code = 'not-found', error_class = 'ambiguous', settled_by = 'lookup', settled_at = $2, lease_until = null,
       segments = null, cost_milli = null
     where id = $1 and state = 'unknown' returning id`,
    [id, now],
  );
  if (rejected.length === 0) return false;
  await reportFailures(tx, [{ id, enrolmentId, channel }], 'rejected', now);
  return true;
}

/** The states that a proof of sending overrides. A message that is being submitted is among them: its dispatcher may have died. */
const unproven: readonly MessageState[] = ['submitting', 'unknown'];

/**
 * An answer, a click or a report that names a message proves that it was sent. This also corrects a message that was settled as not sent;
 * its journey has then already continued, and is not changed.
 * @param by what proved it
 * @returns whether that was new
 */
export async function provenSent(tx: EntityManager, messageId: string, by: 'answer' | 'report', now: Date): Promise<boolean> {
  const rows = await query(
    tx,
    `update message set state = 'accepted', settled_by = $2, settled_at = $3, error_class = null, error_code = null, lease_until = null
     where id = $1 and (state = any($4::text[]) or (state = 'rejected' and error_class = 'ambiguous')) returning id`,
    [messageId, by, now, unproven],
  );
  return rows.length > 0;
}
