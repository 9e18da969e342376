import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { testNow } from '../../../test/harness/factories.js';
import { waitFor } from '../../../test/harness/wait-for.js';
import type { Channel } from '../../channels/table.js';
import { query, queryOne } from '../../persistence/sql.js';
import { listAlerts } from '../../access/alerts.js';
import { admitted, type Breaker } from './breaker.js';
import type { BreakerState } from './provider.entity.js';
import { createProviderGate, type ProviderGate } from './provider-gate.js';
import type { SendResult } from '../../channels/contract/send-result.js';
import { readSendingLimits, type SendingLimits } from './sending-limits.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await query(em(), 'delete from provider');
  await query(em(), 'delete from alert');
});

const em = () => database.orm.em.fork();
const clock = { now: () => testNow, realMs: (ms: number) => ms };
const figures = { failuresInARow: 5, share: 0.5, of: 100, waitMs: 60_000, longestWaitMs: 300_000, probes: 2, probeEveryMs: 60_000 };
const limits: SendingLimits = Object.fromEntries(
  Object.entries(readSendingLimits()).map(([channel, each]) => [
    channel,
    { ...each, breaker: figures, slowDown: { waitMs: 60_000, longestWaitMs: 600_000, alertAfterMs: 240_000 } },
  ]),
) as unknown as SendingLimits;
/** So fast that only the breaker limits ... */
const fastPerSecond = 1e9;
/** ... and so slow that nothing is refilled during a test. */
const slowPerSecond = 1e-6;

function gateOf(perSecond: number): ProviderGate {
  return createProviderGate(
    () => perSecond,
    () => limits,
    clock,
  );
}

const accepted: SendResult = { kind: 'accepted', providerId: '1' };
const reset: SendResult = { kind: 'unknown', errorClass: 'ambiguous', errorCode: 'ECONNRESET' };
const noLogin: SendResult = { kind: 'retry', errorClass: 'sender-refused', errorCode: '535' };
const nobody: SendResult = { kind: 'rejected', errorClass: 'dead-address', errorCode: '5.1.1' };
const busy: SendResult = { kind: 'retry', errorClass: 'slow-down', errorCode: '429' };
const many = (result: SendResult, times = 20): SendResult[] => Array.from({ length: times }, () => result);

const admit = (gate: ProviderGate, most = 50, channel: Channel = 'email'): Promise<number> =>
  em().transactional((tx) => gate.admit(tx, channel, most));
const state = async (): Promise<Breaker | undefined> =>
  queryOne(
    em(),
    `select breaker as state, extract(epoch from open_until - clock_timestamp()) * 1000 as "openUntil", trips from provider where channel = 'email'`,
  );
const alerts = async (): Promise<string[]> => (await listAlerts(em(), { open: true, after: null, rows: 10 })).map(({ kind }) => kind);
/** Acts as if this much real time had passed. */
const pass = (ms: number): Promise<unknown> =>
  query(
    em(),
    `update provider set open_until = open_until - $1::float8 * interval '1 millisecond', refilled_at = refilled_at - $1::float8 * interval '1 millisecond'`,
    [ms],
  );

describe('the breaker that dispatchers share', () => {
  it('opens after a run of failures, in every process, with an alert; refusals of addresses do not count', async () => {
    const fast = gateOf(fastPerSecond);
    const other = gateOf(fastPerSecond);
    await admit(fast);
    expect(await admit(other)).toBe(50);
    await fast.report(em(), 'email', many(nobody));
    await fast.report(em(), 'email', [...many(reset, 4), nobody]);
    expect(await alerts()).toEqual([]);
    await fast.report(em(), 'email', [reset]);
    expect(await admit(fast)).toBe(0);
    expect(await admit(other)).toBe(0);
    expect(await admit(other, 50, 'sms')).toBe(50);
    expect(await listAlerts(em(), { open: true, after: null, rows: 10 })).toMatchObject([
      { kind: 'provider-down', subject: 'email', detail: 'The last answers were ECONNRESET' },
    ]);
  });

  it('tries a few after the wait, opens for longer after a failure, and closes after a success, which clears the alert', async () => {
    const gate = gateOf(fastPerSecond);
    await admit(gate);
    await gate.report(em(), 'email', many(reset));
    await pass(figures.waitMs - 1_000);
    expect(await admit(gate)).toBe(0);
    await pass(2_000);
    expect(await admit(gate)).toBe(figures.probes);
    expect(await admit(gate)).toBe(0);
    await gate.report(em(), 'email', [noLogin]);
    const again = await state();
    expect(again).toMatchObject({ state: 'open', trips: 2 });
    expect(again?.openUntil).toBeGreaterThan(2 * figures.waitMs - 5_000);
    expect(await alerts()).toEqual(['provider-refuses']);

    await pass(2 * figures.waitMs);
    expect(await admit(gate)).toBe(figures.probes);
    await gate.report(em(), 'email', [nobody]);
    expect(await state()).toMatchObject({ state: 'probing' });
    await gate.report(em(), 'email', [accepted]);
    expect(await state()).toMatchObject({ state: 'closed', trips: 0, openUntil: null });
    expect(await alerts()).toEqual([]);
    expect(await admit(gate)).toBe(50);
  });

  it('tries again if the process that tried was killed before it got a result', async () => {
    const gate = gateOf(fastPerSecond);
    await admit(gate);
    await gate.report(em(), 'email', many(reset));
    await pass(figures.waitMs);
    expect(await admit(gate)).toBe(figures.probes);
    await pass(figures.probeEveryMs);
    expect(await admit(gateOf(fastPerSecond))).toBe(figures.probes);
  });

  it('opens once if several report at once, and not again for earlier submissions', async () => {
    const gates = Array.from({ length: 4 }, () => gateOf(fastPerSecond));
    for (const gate of gates) await admit(gate);
    await Promise.all(gates.map((gate) => gate.report(em(), 'email', many(reset))));
    await Promise.all(gates.map((gate) => gate.report(em(), 'email', many(reset))));
    expect(await state()).toMatchObject({ state: 'open', trips: 1 });
    expect(await alerts()).toEqual(['provider-down']);
  });

  it('writes nothing while everything works', async () => {
    const gate = gateOf(fastPerSecond);
    await admit(gate);
    const version = () => queryOne(em(), `select xmin::text, ctid::text from provider where channel = 'email'`);
    const before = await version();
    await gate.report(em(), 'email', [...many(accepted), reset, nobody, accepted]);
    expect(await version()).toEqual(before);
  });

  it('follows the pure rule in its SQL', async () => {
    const fast = gateOf(fastPerSecond);
    await admit(fast);
    const rows = fc.record({
      state: fc.constantFrom<BreakerState[]>('closed', 'open', 'probing'),
      // Milliseconds from now; far enough from it that the statement's own time does not matter.
      openIn: fc.option(fc.constantFrom(-100_000, -20_000, 20_000, 100_000)),
      trips: fc.nat(5),
      most: fc.nat(60),
    });
    await fc.assert(
      fc.asyncProperty(rows, async ({ state: breaker, openIn, trips, most }) => {
        await query(
          em(),
          `update provider set breaker = $1, trips = $3, tokens = 1e9, open_until = clock_timestamp() + $2::float8 * interval '1 millisecond' where channel = 'email'`,
          [breaker, openIn, trips],
        );
        const rule = admitted({ state: breaker, openUntil: openIn, trips }, most, figures, 0);
        expect(await admit(fast, most)).toBe(rule.count);
        const after = await state();
        expect(after).toMatchObject({ state: rule.breaker.state, trips });
        if (rule.breaker.openUntil === null) expect(after?.openUntil).toBeNull();
        else expect(Math.abs((after?.openUntil ?? 0) - rule.breaker.openUntil)).toBeLessThan(10_000);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the rate that dispatchers share', () => {
  it('gives out the content of the bucket once, however many ask at the same time', async () => {
    const gate = gateOf(slowPerSecond);
    await admit(gate, 0);
    await query(em(), 'update provider set tokens = 1');
    const given = await Promise.all(Array.from({ length: 20 }, () => admit(gate)));
    expect(given.reduce((sum, each) => sum + each, 0)).toBe(1);
  });

  it('refills at the rate, and holds no more than a fifth of a second', async () => {
    const gate = gateOf(100);
    await admit(gate);
    await query(em(), 'update provider set tokens = 0, refilled_at = clock_timestamp()');
    await pass(100);
    const given = await admit(gate, 1_000);
    expect(given).toBeGreaterThanOrEqual(10);
    await pass(10_000);
    expect(await admit(gate, 1_000)).toBe(20);
  });

  it('takes nothing if the claim is rolled back', async () => {
    const gate = gateOf(slowPerSecond);
    const failed = em().transactional(async (tx) => {
      expect(await gate.admit(tx, 'email', 5)).toBe(1);
      throw new Error('the claim failed');
    });
    await expect(failed).rejects.toThrow('the claim failed');
    await admit(gate, 0);
    expect(await admit(gate)).toBe(1);
  });

  it('stops for all if the provider asks to slow down, longer the second time, and does not open the breaker', async () => {
    const gate = gateOf(fastPerSecond);
    await admit(gate);
    await gate.report(em(), 'email', many(busy));
    // The rest of the submissions in progress: they change nothing.
    await gate.report(em(), 'email', many(busy));
    expect(await admit(gateOf(fastPerSecond))).toBe(0);
    await pass(29_000);
    expect(await admit(gate)).toBe(0);
    await pass(32_000);
    expect(await admit(gate)).toBe(50);
    expect(await state()).toMatchObject({ state: 'closed' });
    expect(await alerts()).toEqual([]);
  });

  it('waits twice as long the second time in a row, up to the limit and with jitter, and starts again after a success', async () => {
    const waitMs = 300;
    const patient = Object.fromEntries(
      Object.entries(limits).map(([channel, each]) => [
        channel,
        { ...each, slowDown: { waitMs, longestWaitMs: 600_000, alertAfterMs: 600_000 } },
      ]),
    ) as unknown as SendingLimits;
    const gate = createProviderGate(
      () => 1,
      () => patient,
      clock,
    );
    await admit(gate, 0, 'sms');
    /** Real milliseconds before and after it asked. */
    const asked = async (): Promise<{ readonly atMost: number; readonly atLeast: number }> => {
      const now = async () => (await queryOne<{ at: Date }>(em(), 'select clock_timestamp() as at'))?.at.getTime() ?? Number.NaN;
      const before = await now();
      await gate.report(em(), 'sms', many(busy));
      const after = await now();
      const row = await queryOne<{ at: Date }>(em(), `select refilled_at as at from provider where channel = 'sms'`);
      const until = row?.at.getTime() ?? Number.NaN;
      return { atMost: until - before, atLeast: until - after };
    };
    const over = async (): Promise<void> => {
      const end = performance.now() + waitMs * 2 + 1;
      await waitFor(() => performance.now() > end);
    };
    expect((await asked()).atLeast).toBeLessThan(waitMs * 0.9);
    await over();
    expect((await asked()).atMost).toBeGreaterThanOrEqual(waitMs);
    await over();
    await gate.report(em(), 'sms', [accepted]);
    expect((await asked()).atLeast).toBeLessThan(waitMs);
  });

  it('raises an alert when a provider has asked to slow down for too long, in whichever process, and clears it when it accepts messages', async () => {
    // No wait, so that each request counts; the row has the time since the first one.
    const impatient = Object.fromEntries(
      Object.entries(limits).map(([channel, each]) => [
        channel,
        { ...each, slowDown: { waitMs: 0, longestWaitMs: 0, alertAfterMs: 240_000 } },
      ]),
    ) as unknown as SendingLimits;
    const gate = (): ProviderGate =>
      createProviderGate(
        () => 1,
        () => impatient,
        clock,
      );
    const slowFor = (ms: number): Promise<unknown> =>
      query(em(), `update provider set slow_since = slow_since - $1::float8 * interval '1 millisecond'`, [ms]);
    const first = gate();
    await admit(first, 0);
    await first.report(em(), 'email', many(busy));
    await slowFor(230_000);
    await first.report(em(), 'email', many(busy));
    expect(await alerts()).toEqual([]);
    await slowFor(11_000);
    const restarted = gate();
    await admit(restarted, 0);
    await restarted.report(em(), 'email', many(busy));
    expect(await listAlerts(em(), { open: true, after: null, rows: 10 })).toMatchObject([
      { kind: 'provider-slow', subject: 'email', detail: 'The last answers were 429' },
    ]);

    await restarted.report(em(), 'email', [accepted, busy]);
    expect(await alerts()).toEqual(['provider-slow']);
    const another = gate();
    await admit(another, 0);
    await another.report(em(), 'email', [accepted]);
    expect(await alerts()).toEqual([]);
    await another.report(em(), 'email', many(busy));
    expect(await alerts()).toEqual([]);
  });

  it('keeps a longer wait that another dispatcher was asked for', async () => {
    const gate = gateOf(fastPerSecond);
    await admit(gate, 0);
    await query(em(), `update provider set refilled_at = clock_timestamp() + interval '1 hour'`);
    await gate.report(em(), 'email', many(busy));
    await pass(61_000);
    expect(await admit(gate)).toBe(0);
  });
});
