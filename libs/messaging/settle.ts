import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { createRandom } from '../platform/random.js';
import { actOnAddress, tellOfFailure, type FailedMessage } from './failure.js';
import { errorClasses } from './provider-errors.js';
import type { SendResult } from './send-result.js';

/** How the submission of one claimed message ended. */
export interface Settlement {
  readonly id: string;
  readonly fence: number;
  /** How often it has been submitted, this time included. */
  readonly attempts: number;
  readonly result: SendResult;
}

type SettledRow = FailedMessage & { readonly state: string; readonly errorClass: string | null };

/**
 * Writes how a batch of submissions ended, in one statement. Only whoever holds a message's fence settles it. A result
 * that comes after the lease ran out still counts, since it is the claimer's own: it turns `unknown` into what was so.
 * One that a delivery report has overtaken does not. Journeys of messages that are rejected for good are told.
 * @param backOff the wait before a message's next try, in campaign milliseconds (see `backOffMs`)
 * @returns how many were settled
 */
export async function settle(
  em: EntityManager,
  batch: readonly Settlement[],
  backOff: (messageId: string, attempts: number) => number,
  now: Date,
): Promise<number> {
  if (batch.length === 0) return 0;
  const rows = [...batch].sort((a, b) => a.id.localeCompare(b.id)).map((settlement) => toRow(settlement, backOff, now));
  return em.transactional(async (tx) => {
    const settled = await query<SettledRow>(
      tx,
      `update message m set
         state = s.state, provider_id = coalesce(s.provider_id, m.provider_id), error_class = s.error_class, error_code = s.error_code,
         not_before = coalesce(s.not_before, m.not_before), lease_until = null,
         settled_at = case when s.state = 'planned' then null else $1::timestamptz end
       from unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
         as s (id, fence, state, provider_id, error_class, error_code, not_before)
       where m.id = s.id and m.fence = s.fence and m.state in ('claimed', 'submitting', 'unknown')
       returning m.id, m.state, m.enrolment_id as "enrolmentId", m.channel, m.error_class as "errorClass"`,
      [now, ...columns(rows)],
    );
    const rejected = settled.filter((row) => row.state === 'rejected');
    await actOnAddress(tx, rejected, now);
    await tellOfFailure(tx, rejected, 'rejected', now);
    return settled.length;
  });
}

/**
 * Exponential back-off with full jitter, seeded by message and attempt so that a run can be repeated.
 * @returns real milliseconds: half a second to one for the first, up to five minutes
 */
export function backOffMs(messageId: string, attempts: number): number {
  const ceiling = Math.min(300_000, 1_000 * 2 ** (attempts - 1));
  return Math.round(ceiling * (0.5 + 0.5 * createRandom(`${messageId}:${attempts}`).next()));
}

interface Row {
  readonly id: string;
  readonly fence: number;
  readonly state: string;
  readonly providerId: string | null;
  readonly errorClass: string | null;
  readonly errorCode: string | null;
  readonly notBefore: Date | null;
}

function toRow({ id, fence, attempts, result }: Settlement, backOff: (messageId: string, attempts: number) => number, now: Date): Row {
  if (result.kind === 'accepted') {
    return { id, fence, state: 'accepted', providerId: result.providerId, errorClass: null, errorCode: null, notBefore: null };
  }
  const { errorClass, errorCode } = result;
  const again = result.kind === 'retry' && attempts < (errorClasses[errorClass].attempts ?? Infinity);
  const state = again ? 'planned' : result.kind === 'unknown' ? 'unknown' : 'rejected';
  return {
    id,
    fence,
    state,
    providerId: null,
    errorClass,
    errorCode,
    notBefore: again ? new Date(now.getTime() + backOff(id, attempts)) : null,
  };
}

function columns(rows: readonly Row[]): unknown[] {
  return [
    rows.map((row) => row.id),
    rows.map((row) => row.fence),
    rows.map((row) => row.state),
    rows.map((row) => row.providerId),
    rows.map((row) => row.errorClass),
    rows.map((row) => row.errorCode),
    rows.map((row) => row.notBefore),
  ];
}
