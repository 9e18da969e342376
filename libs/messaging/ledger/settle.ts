import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../persistence/sql.js';
import { createRandom } from '../../platform/random.js';
import { actOnAddress, reportFailures, type FailedMessage } from './failure.js';
import { errorClasses } from '../../channels/contract/provider-errors.js';
import type { ProviderOptOut } from '../contract/opt-out.js';
import type { SendResult } from '../../channels/contract/send-result.js';

/** The result of the submission of one claimed message. */
export interface Settlement {
  readonly id: string;
  readonly fence: number;
  /** How often it has been submitted, this time included. */
  readonly attempts: number;
  readonly result: SendResult;
}

type SettledRow = FailedMessage & { readonly state: string; readonly errorClass: string | null };

/**
 * Stores the results of a batch of submissions in one statement. A message can be settled only with its fence. A result after the end of
 * the lease still counts, because it is the claimer's own: it replaces `unknown`. If a delivery report or an answer came first, the state
 * does not change, but the provider's id, the segments and the cost are kept, because only the provider's reply has them. A message may be
 * settled without a mark, if the provider refused it or could not be reached before that. Journeys of permanently rejected messages are
 * notified.
 * @param tx a transaction if any of them ends permanently; otherwise it is a single statement
 * @param backOff the wait before a message's next try, in campaign milliseconds (see `backOffMs`)
 * @param optedOut called if a provider blocks an address after an opt-out
 * @returns how many were settled
 */
export async function settle(
  tx: EntityManager,
  batch: readonly Settlement[],
  backOff: typeof backOffMs,
  optedOut: ProviderOptOut,
  now: Date,
): Promise<number> {
  if (batch.length === 0) return 0;
  const rows = [...batch].sort((a, b) => (a.id < b.id ? -1 : 1)).map((settlement) => toRow(settlement, backOff, now));
  const settled = await query<SettledRow>(tx, settleStatement, [now, ...columns(rows)]);
  if (settled.length < rows.length) await noteOvertaken(tx, rows, new Set(settled.map(({ id }) => id)));
  const rejected = settled.filter((row) => row.state === 'rejected');
  await actOnAddress(tx, rejected, optedOut, now);
  await reportFailures(tx, rejected, 'rejected', now);
  return settled.length;
}

/** $1 is now, each other parameter is one column of the settlements. For `is true` see `markStatement`. */
const settleStatement = `
  update message m set
    state = s.state, attempts = s.attempts, provider_id = coalesce(s.provider_id, m.provider_id),
    error_class = s.error_class, error_code = s.error_code, not_before = coalesce(s.not_before, m.not_before), lease_until = null,
    segments = coalesce(s.segments, m.segments), cost_milli = coalesce(s.cost_milli, m.cost_milli),
    settled_at = case when s.state = 'planned' then null else $1::timestamptz end
  from unnest($2::uuid[], $3::bigint[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::int[], $11::int[])
    as s (id, fence, state, attempts, provider_id, error_class, error_code, not_before, segments, cost_milli)
  where m.id = s.id and m.fence = s.fence and (m.state in ('claimed', 'submitting', 'unknown')) is true
  returning m.id, m.state, m.enrolment_id as "enrolmentId", m.channel, m.error_class as "errorClass"`;

/** A report that came before the provider's reply has neither segments nor cost: both orders give the same row. */
async function noteOvertaken(tx: EntityManager, rows: readonly Row[], settled: ReadonlySet<string>): Promise<void> {
  const overtaken = rows.filter(({ id, providerId, segments }) => !settled.has(id) && (providerId !== null || segments !== null));
  if (overtaken.length === 0) return;
  await query(
    tx,
    `update message m set provider_id = coalesce(m.provider_id, s.provider_id), segments = coalesce(m.segments, s.segments),
       cost_milli = coalesce(m.cost_milli, s.cost_milli)
     from unnest($1::uuid[], $2::bigint[], $3::text[], $4::int[], $5::int[]) as s (id, fence, provider_id, segments, cost_milli)
     where m.id = s.id and m.fence = s.fence and (m.state in ('accepted', 'delivered', 'bounced', 'rejected')) is true`,
    (['id', 'fence', 'providerId', 'segments', 'costMilli'] as const).map((name) => overtaken.map((row) => row[name])),
  );
}

/** Whether more than the message itself may change: its address, its journey. `settle` then needs a transaction. */
export function endsPermanently({ attempts, result }: Pick<Settlement, 'attempts' | 'result'>): boolean {
  return stateAfter(result, attempts) === 'rejected';
}

/** Real milliseconds of the first wait, doubled with each attempt, and the longest. */
const waits = { first: 1_000, longest: 300_000 };
/** If attempts are counted, the provider asked for time: greylisting lasts minutes, and five attempts must take longer than that. */
const countedFirst = 30_000;

/**
 * Exponential back-off with jitter, seeded by message and attempt so that a run can be repeated.
 * @param first the ceiling of the first wait
 * @returns real milliseconds: half of `first` to all of it for the first, up to five minutes
 */
export function backOffMs(messageId: string, attempts: number, first = waits.first): number {
  const ceiling = Math.min(waits.longest, first * 2 ** (attempts - 1));
  return Math.round(ceiling * (0.5 + 0.5 * createRandom(`${messageId}:${attempts}`).next()));
}

interface Row {
  readonly id: string;
  readonly fence: number;
  readonly state: string;
  readonly attempts: number;
  readonly providerId: string | null;
  readonly errorClass: string | null;
  readonly errorCode: string | null;
  readonly notBefore: Date | null;
  readonly segments: number | null;
  readonly costMilli: number | null;
}

const blank = { providerId: null, errorClass: null, errorCode: null, notBefore: null, segments: null, costMilli: null };

function stateAfter(result: SendResult, attempts: number): 'accepted' | 'planned' | 'unknown' | 'rejected' {
  if (result.kind === 'accepted' || result.kind === 'unknown') return result.kind;
  if (result.kind === 'withheld') return 'planned';
  return result.kind === 'retry' && attempts < (errorClasses[result.errorClass].attempts ?? Infinity) ? 'planned' : 'rejected';
}

function toRow({ id, fence, attempts, result }: Settlement, backOff: typeof backOffMs, now: Date): Row {
  const row = { ...blank, id, fence, attempts, state: stateAfter(result, attempts) };
  if (result.kind === 'accepted') {
    const { providerId, segments = null, costMilli = null } = result;
    return { ...row, providerId, segments, costMilli };
  }
  if (result.kind === 'withheld') return { ...row, attempts: attempts - 1 };
  const { errorClass, errorCode } = result;
  if (result.kind === 'unknown')
    return { ...row, errorClass, errorCode, segments: result.segments ?? null, costMilli: result.costMilli ?? null };
  if (row.state !== 'planned') return { ...row, errorClass, errorCode };
  const counted = errorClasses[errorClass].attempts !== undefined;
  const notBefore = new Date(now.getTime() + backOff(id, attempts, counted ? countedFirst : waits.first));
  // An error that is not the message's does not count as an attempt.
  return { ...row, errorClass, errorCode, notBefore, attempts: counted ? attempts : attempts - 1 };
}

function columns(rows: readonly Row[]): unknown[] {
  const column = (name: keyof Row): unknown[] => rows.map((row) => row[name]);
  return (['id', 'fence', 'state', 'attempts', 'providerId', 'errorClass', 'errorCode', 'notBefore', 'segments', 'costMilli'] as const).map(
    column,
  );
}
