import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../../channels/table.js';
import { query, queryOne } from '../../persistence/sql.js';
import { clearAlert, raiseAlert, type AlertKind } from '../../access/alerts.js';
import type { Clock } from '../../platform/clock.js';
import { createRandom } from '../../platform/random.js';
import { afterResults, count, emptyTally, isFailing, openForMs, signOf, type Breaker, type Sign, type Tally } from './breaker.js';
import type { BreakerState } from './provider.entity.js';
import type { SendResult } from '../../channels/contract/send-result.js';
import type { ChannelLimits, SlowDownLimits } from '../../channels/contract/channel-limits.js';
import type { SendingLimits } from './sending-limits.js';

/** Limits a channel to its provider's rate and stops it while the provider fails, for all dispatchers together. */
export interface ProviderGate {
  /**
   * How many messages may be claimed and sent now, at most `most`: none while the provider fails or has asked for a break, a few while it
   * is tried again, otherwise what the shared rate allows. Call it in the claim's transaction: if that is rolled back, nothing was taken.
   * It locks the channel's row until then.
   */
  admit(tx: EntityManager, channel: Channel, most: number): Promise<number>;
  /** Takes the results of settled submissions. It writes to the database only if something changes. */
  report(em: EntityManager, channel: Channel, results: readonly SendResult[]): Promise<void>;
}

/** What this process remembers about a channel; the shared state is in the table `provider`. */
interface Memory {
  known: boolean;
  seen: BreakerState;
  tally: Tally;
  /** How often it asked to slow down in a row, and until when (performance.now()) it is paused. */
  slowDowns: number;
  patientUntil: number;
  /** Some dispatcher recorded that it asks to slow down. */
  slow: boolean;
}

/**
 * @param rateOf the messages per real second that all dispatchers together may send on a channel
 * @param clock dates the alerts; leases, waits and rates use the database's real clock
 */
export function createProviderGate(rateOf: (channel: Channel) => number, limits: () => SendingLimits, clock: Clock): ProviderGate {
  const memories = new Map<Channel, Memory>();
  const memoryOf = (channel: Channel): Memory => {
    const memory = memories.get(channel) ?? { known: false, seen: 'closed', tally: emptyTally, slowDowns: 0, patientUntil: 0, slow: false };
    memories.set(channel, memory);
    return memory;
  };

  return {
    admit: async (tx, channel, most) => {
      const memory = memoryOf(channel);
      if (!memory.known) await introduce(tx, channel);
      const admission = await takeTokens(tx, channel, most, rateOf(channel), limits()[channel]);
      // The claim may be rolled back together with the row: it exists for certain only after a later statement has found it.
      memory.known = admission?.found === true;
      memory.seen = admission?.breaker ?? memory.seen;
      memory.slow = admission?.slow ?? memory.slow;
      return admission?.admitted ?? 0;
    },

    report: async (em, channel, results) => {
      const memory = memoryOf(channel);
      const { breaker: figures, slowDown: waits } = limits()[channel];
      const signs = results.map(signOf);
      if (!signs.some((sign) => sign !== null)) return;
      // Submissions that were in progress when it asked to slow down do not count again.
      if (signs.includes('busy') && performance.now() >= memory.patientUntil) {
        const waitMs = slowDownMs(channel, ++memory.slowDowns, waits);
        memory.patientUntil = performance.now() + waitMs;
        memory.slow = true;
        await em.transactional((tx) => slowDown(tx, channel, { waitMs, alertAfterMs: waits.alertAfterMs, results }, clock.now()));
      } else if (signs.includes('works') && performance.now() >= memory.patientUntil) {
        memory.slowDowns = 0;
        if (memory.slow) await em.transactional((tx) => noLongerSlow(tx, channel, clock.now()));
        memory.slow = false;
      }

      memory.tally = memory.seen === 'closed' ? count(memory.tally, signs, figures) : emptyTally;
      const failing = isFailing(memory.tally, figures);
      const decides = memory.seen === 'closed' ? failing : memory.seen === 'probing';
      if (!decides) return;
      memory.seen = await em.transactional((tx) => judge(tx, { channel, results, signs, failing }, limits()[channel], clock.now()));
      memory.tally = emptyTally;
    },
  };
}

/** A bucket holds a fifth of a second's sends, so that no second sees many more than the rate. */
const burstSeconds = 0.2;

async function introduce(tx: EntityManager, channel: Channel): Promise<void> {
  await query(tx, `insert into provider (channel, tokens, refilled_at) values ($1, 1, clock_timestamp()) on conflict do nothing`, [
    channel,
  ]);
}

/** The bucket and the rule of `admitted` (breaker.ts), in one statement. A refill time in the future is a pause. */
async function takeTokens(
  tx: EntityManager,
  channel: Channel,
  most: number,
  perSecond: number,
  { breaker }: ChannelLimits,
): Promise<{ readonly admitted: number; readonly breaker: BreakerState; readonly slow: boolean; readonly found: boolean } | undefined> {
  return queryOne(
    tx,
    `with locked as (
         select * from provider where channel = $1 for update
       ), present as (
         select *, clock_timestamp() as at from locked
       ), filled as (
         select *, least($3::float8, tokens + greatest(0, extract(epoch from at - refilled_at)) * $4::float8) as available,
           breaker = 'closed' as closed, breaker <> 'closed' and coalesce(open_until <= at, true) as due
         from present
       ), allowed as (
         select *, greatest(0, floor(least($2::float8, available, case when closed then $2 when due then $5 else 0 end)))::int as admitted
         from filled
       )
       update provider p set
         tokens = a.available - a.admitted,
         refilled_at = greatest(a.refilled_at, a.at),
         breaker = case when a.due and a.admitted > 0 then 'probing' else a.breaker end,
         open_until = case when a.due and a.admitted > 0 then a.at + $6::float8 * interval '1 millisecond' else a.open_until end
       from allowed a where p.channel = a.channel
       returning a.admitted, p.breaker, p.slow_since is not null as slow, true as found`,
    [channel, most, Math.max(1, perSecond * burstSeconds), perSecond, breaker.probes, breaker.probeEveryMs],
  );
}

/** How long to wait when a provider asks to slow down for the `times`th time in a row, with jitter. Real milliseconds. */
function slowDownMs(channel: Channel, times: number, figures: SlowDownLimits): number {
  return openForMs(times, figures) * (0.5 + 0.5 * createRandom(`slow-down:${channel}:${times}`).next());
}

interface SlowDownRequest {
  readonly waitMs: number;
  readonly alertAfterMs: number;
  readonly results: readonly SendResult[];
}

/** Empties the bucket, and starts to fill it again only after the wait. An alert is raised when that lasts too long. */
async function slowDown(tx: EntityManager, channel: Channel, { waitMs, alertAfterMs, results }: SlowDownRequest, now: Date): Promise<void> {
  const row = await queryOne<{ forMs: number }>(
    tx,
    `update provider set tokens = 0, refilled_at = greatest(refilled_at, clock_timestamp() + $2::float8 * interval '1 millisecond'),
       slow_since = coalesce(slow_since, clock_timestamp())
     where channel = $1 returning (extract(epoch from clock_timestamp() - slow_since) * 1000)::float8 as "forMs"`,
    [channel, waitMs],
  );
  if (row === undefined || row.forMs < alertAfterMs) return;
  const detail = `The last answers were ${codesOf(results, (sign) => sign === 'busy')}`;
  await raiseAlert(tx, { kind: 'provider-slow', subject: channel, detail }, now);
}

async function noLongerSlow(tx: EntityManager, channel: Channel, now: Date): Promise<void> {
  await query(tx, 'update provider set slow_since = null where channel = $1', [channel]);
  await clearAlert(tx, 'provider-slow', channel, now);
}

interface Judged {
  readonly channel: Channel;
  readonly results: readonly SendResult[];
  readonly signs: readonly Sign[];
  readonly failing: boolean;
}

/** Decides under the row's lock, because another dispatcher may have decided in the meantime. @returns the new state */
async function judge(
  tx: EntityManager,
  { channel, results, signs, failing }: Judged,
  limits: ChannelLimits,
  now: Date,
): Promise<BreakerState> {
  const row = await queryOne<{ state: BreakerState; openUntil: Date | null; trips: number; at: Date }>(
    tx,
    `select breaker as state, open_until as "openUntil", trips, clock_timestamp() as at from provider where channel = $1 for update`,
    [channel],
  );
  if (row === undefined) return 'closed';
  const before: Breaker = { state: row.state, openUntil: row.openUntil?.getTime() ?? null, trips: row.trips };
  const after = afterResults(before, signs, failing, limits.breaker, row.at.getTime());
  if (after === before) return before.state;
  await query(tx, `update provider set breaker = $2, open_until = $3, trips = $4 where channel = $1`, [
    channel,
    after.state,
    after.openUntil === null ? null : new Date(after.openUntil),
    after.trips,
  ]);
  if (after.state === 'open') await announce(tx, channel, results, signs, now);
  if (after.state === 'closed') for (const kind of kinds) await clearAlert(tx, kind, channel, now);
  return after.state;
}

const kinds = ['provider-down', 'provider-refuses'] as const satisfies readonly AlertKind[];

/** One alert at a time: a provider that was down and now refuses has one alert, about the refusal. */
async function announce(
  tx: EntityManager,
  channel: Channel,
  results: readonly SendResult[],
  signs: readonly Sign[],
  now: Date,
): Promise<void> {
  const kind = signs.findLast((sign) => sign === 'down' || sign === 'refuses') === 'refuses' ? 'provider-refuses' : 'provider-down';
  const said = codesOf(results, (sign) => sign === 'down' || sign === 'refuses');
  for (const other of kinds) if (other !== kind) await clearAlert(tx, other, channel, now);
  await raiseAlert(tx, { kind, subject: channel, detail: `The last answers were ${said}` }, now);
}

/** The last codes by which the provider gave one of these signs, as part of a sentence. */
function codesOf(results: readonly SendResult[], gives: (sign: Sign) => boolean): string {
  const codes = results.flatMap((result) => ('errorCode' in result && gives(signOf(result)) ? [result.errorCode] : []));
  return [...new Set(codes)].slice(-3).join(', ') || 'none';
}
