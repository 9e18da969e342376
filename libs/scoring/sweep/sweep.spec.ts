import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { makeCustomer } from '../../../test/harness/factories.js';
import { query } from '../../persistence/sql.js';
import { newId } from '../../platform/ids.js';
import { scoreCustomers } from '../score-customers.js';
import { beginSweep, finishSweep, sweepPage, sweepStart, type Shard, type SweepPlace } from './sweep.js';

let db: TestDatabase;
beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());
const em = () => db.orm.em.fork();

const now = new Date('2026-03-02T10:00:00Z');
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000);

beforeEach(() => query(em(), 'truncate customer, score_model, domain_event, alert cascade'));

/** Log-odds of -2, and one more for each failed payment in 30 days. */
async function register(state: string, weight = 1, profile: unknown = null): Promise<string> {
  const id = newId();
  const effect = { type: 'number', name: 'failed', knots: [0, 1], logarithm: false, weights: [weight], offset: 0, missing: 0 };
  const parameters = {
    form: 'classifier',
    model: {
      shapes: [{ type: 'number', name: 'failed' }],
      base: -2,
      linear: { base: 0, effects: [effect] },
      boosting: null,
      linearShare: 1,
      calibration: { method: 'none' },
    },
    reads: { features: { failed: { events: 'payment.failed', count: 30 * 86_400_000, type: 'number', knots: 2, logarithm: false } } },
  };
  await query(
    em(),
    `insert into score_model (id, kind, version, state, metrics, parameters, trained_at, profile)
     select $1, 'churn', count(*) + 1, $2, '{"trainedOn": 100}', $3::jsonb, $4, $5::jsonb from score_model`,
    [id, state, JSON.stringify(parameters), now, profile === null ? null : JSON.stringify(profile)],
  );
  return id;
}

async function happen(customerId: string, daysAgo: number, receivedAt = now): Promise<void> {
  await query(
    em(),
    `insert into customer_event (id, customer_id, kind, at, data, source, source_id, received_at)
     values (uuidv7(), $2, 'payment.failed', $3, '{}', 'test', $1, $4)`,
    [newId(), customerId, later(-daysAgo), receivedAt],
  );
}

async function sweep(at = now, shards = 1, most = 100): Promise<{ scored: number; changed: number }> {
  const begun = await beginSweep(em(), 'churn', shards, at);
  const places = await Promise.all(begun.shards.map((shard) => goThrough(begun.sweepId, shard, most)));
  const { scored, changed } = await finishSweep(em(), begun.sweepId, places, at);
  return { scored, changed };
}

async function goThrough(sweepId: string, shard: Shard, most: number): Promise<SweepPlace> {
  for (let place: SweepPlace = sweepStart; ;) {
    const next = await sweepPage(em(), sweepId, shard, place, { most });
    if (next.done) return next.place;
    place = next.place;
  }
}

const scores = () =>
  query<{ customer: string; value: number }>(
    em(),
    'select customer_id as customer, round(value::numeric, 6)::float8 as value, scored_at, next_change_at from score order by customer_id',
  );
const likelihood = (failed: number): number => Number((1 / (1 + Math.exp(2 - failed))).toFixed(6));

describe('a sweep', () => {
  it('scores everybody once; the next one looks only at those whose score may have changed', async () => {
    await register('champion');
    const customers = await Promise.all(Array.from({ length: 10 }, () => makeCustomer(em(), { updatedAt: later(-40) })));
    const [first, second] = customers;
    if (first === undefined || second === undefined) throw new Error('no customers');
    await happen(first.id, 10, later(-10));
    expect(await sweep(now, 3, 3)).toEqual({ scored: 10, changed: 10 });
    expect((await scores()).filter(({ value }) => value === likelihood(1))).toHaveLength(1);
    expect(await sweep(later(1))).toEqual({ scored: 0, changed: 0 });

    await happen(second.id, 0, later(1));
    expect(await sweep(later(2))).toEqual({ scored: 1, changed: 1 });
    await query(em(), 'update customer set updated_at = $2 where id = $1', [second.id, later(3)]);
    expect(await sweep(later(4))).toEqual({ scored: 1, changed: 0 });
    // The failed payment of the first has left the 30 days: nothing happened but time.
    expect(await sweep(later(21))).toEqual({ scored: 1, changed: 1 });
    expect((await scores()).find(({ customer }) => customer === first.id)?.value).toBe(likelihood(0));
    expect(
      await query(em(), 'select at, round(value::numeric, 6)::float8 as value from score_history where customer_id = $1', [first.id]),
    ).toEqual([{ at: now, value: likelihood(1) }]);
  });

  it('looks at everybody again once another model is the champion', async () => {
    const before = await register('champion');
    await makeCustomer(em());
    await makeCustomer(em());
    await sweep();
    await query(em(), `update score_model set state = 'retired' where id = $1`, [before]);
    await register('champion', 2);
    expect((await sweep(later(1))).scored).toBe(2);
  });

  it('passes over those who object, churned or were erased', async () => {
    await register('champion');
    await makeCustomer(em(), { objectedAt: now });
    await makeCustomer(em(), { status: 'churned' });
    expect(await sweep()).toEqual({ scored: 0, changed: 0 });
  });

  it('gives the same scores and history wherever it was stopped and taken up again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }), fc.nat(4), async (failed, stopAfter) => {
        await query(em(), 'truncate customer, score_model cascade');
        await register('champion');
        for (const times of failed) {
          const { id } = await makeCustomer(em(), { updatedAt: later(-40) });
          for (let time = 0; time < times; time++) await happen(id, 5);
        }
        const begun = await beginSweep(em(), 'churn', 1, now);
        const [shard] = begun.shards;
        if (shard === undefined) throw new Error('no shard');
        let place = sweepStart;
        for (let page = 0; page < stopAfter; page++) ({ place } = await sweepPage(em(), begun.sweepId, shard, place, { most: 3 }));
        // Taken up by somebody who does not know how far it got.
        await goThrough(begun.sweepId, shard, 3);
        const resumed = await scores();
        const history = await query(em(), 'select * from score_history');
        await query(em(), 'truncate score, score_history, score_sweep');
        await sweep();
        expect(resumed).toEqual(await scores());
        expect(history).toEqual([]);
        expect(resumed.map(({ value }) => value).sort()).toEqual(failed.map(likelihood).sort());
      }),
      { numRuns: 15 },
    );
  });

  it('leaves a score alone that was computed for what happened after the sweep began', async () => {
    await register('champion');
    const { id } = await makeCustomer(em());
    await sweep(later(-1));
    const { sweepId, shards } = await beginSweep(em(), 'churn', 1, now);
    await happen(id, -0.5, later(0.5));
    await scoreCustomers(em(), { kind: 'churn', customerIds: [id], now: later(0.5) });
    for (const shard of shards) await goThrough(sweepId, shard, 10);
    expect(await scores()).toEqual([expect.objectContaining({ value: likelihood(1), scored_at: later(0.5) })]);
  });

  it('lets the challenger score in shadow: nobody acts on it', async () => {
    await register('champion');
    const challenger = await register('challenger', 3);
    const { id } = await makeCustomer(em());
    await happen(id, 1);
    await sweep();
    expect(await query(em(), 'select model_id as model, round(value::numeric, 6)::float8 as value from shadow_score')).toEqual([
      { model: challenger, value: likelihood(3) },
    ]);
    expect((await scores())[0]?.value).toBe(likelihood(1));
  });

  it('raises an alert once customers are no longer like those that the model learnt from, and clears it', async () => {
    const shares = [0.99, 0.01, 0, 0];
    await register('champion', 1, {
      failed: { type: 'number', edges: [1, 2], shares },
      score: { type: 'number', edges: [0.5], shares: [1, 0, 0] },
    });
    await query(
      em(),
      `insert into customer (id, external_id, locale, status, attributes, made, created_at, updated_at)
       select uuidv7(), n::text, 'en', 'active', '{}', '{}', $1, $1 from generate_series(1, 600) n`,
      [later(-40)],
    );
    await query(
      em(),
      `insert into customer_event (id, customer_id, kind, at, data, source, source_id, received_at)
       select uuidv7(), id, 'payment.failed', $1, '{}', 'test', id || n::text, $1 from customer, generate_series(1, 2) n`,
      [later(-1)],
    );
    await sweep();
    const alerts = () => query(em(), `select detail from alert where kind = 'score-drift' and cleared_at is null`);
    expect(await alerts()).toEqual([{ detail: expect.stringContaining('failed (') as string }]);
    await query(em(), 'truncate customer_event');
    await query(em(), 'update customer set updated_at = $1', [later(1)]);
    await sweep(later(2));
    expect(await alerts()).toEqual([]);
  });
});
