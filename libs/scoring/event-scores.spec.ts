import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCustomer } from '../../test/harness/factories.js';
import { recordEvents } from '../customers/record-events.js';
import { query } from '../persistence/sql.js';
import { createRandom } from '../platform/random.js';
import { parseScoreDeclaration, type ScoreDeclaration } from './declaration.js';
import { scoreCustomers } from './score-customers.js';
import { trainScore, type TrainingReport } from './train-score.js';

const dayMs = 86_400_000;
const now = new Date('2026-06-01T00:00:00Z');
const customers = 500;

let database: TestDatabase;
const em = () => database.orm.em.fork();

const declare = (features: string, more = ''): ScoreDeclaration =>
  parseScoreDeclaration(`
score: churn
title: Likelihood of leaving
target: { event: contract.ended, within: 30 days }
population: customer.plan == "basic"
cuts: { every: 30 days, most: 8 }
features: ${features}
${more}`);
const train = (declaration: ScoreDeclaration): Promise<TrainingReport> => trainScore(em(), { kind: 'churn', now, seed: 1, declaration });
const scores = async (): Promise<ReadonlyMap<string, number>> =>
  new Map(
    (
      await query<{ id: string; value: number }>(
        em(),
        `select c.external_id as id, s.value from score s join customer c on c.id = s.customer_id where s.kind = 'churn'`,
      )
    ).map(({ id, value }) => [id, value]),
  );

const failures =
  '{ failures: { events: payment.failed, count: 45 days }, usage: { events: usage, since_last: true }, branch: { type: category } }';

beforeAll(async () => {
  database = await createTestDatabase();
  const random = createRandom('events');
  const manager = em();
  const events: { customerId: string; kind: string; at: Date }[] = [];
  for (let index = 0; index < customers; index++) {
    const { id } = await makeCustomer(manager, {
      externalId: `c-${index}`,
      plan: index % 10 === 0 ? 'plus' : 'basic',
      attributes: { branch: 'north' },
      createdAt: new Date(now.getTime() - 500 * dayMs),
    });
    let left = false;
    // Ten days before each month one in eight fails to pay, and half of those leave within it.
    for (let day = 420; day > 0 && !left; day -= 30) {
      const at = (days: number): Date => new Date(now.getTime() - (days - random.next()) * dayMs);
      if (random.chance(0.7)) events.push({ customerId: id, kind: 'usage', at: at(day + 10) });
      if (!random.chance(0.12)) continue;
      events.push({ customerId: id, kind: 'payment.failed', at: at(day + 10) });
      left = random.chance(0.5);
      if (left) events.push({ customerId: id, kind: 'contract.ended', at: at(day - 10) });
    }
  }
  await em().transactional((tx) =>
    recordEvents(
      tx,
      events.map((event, index) => ({ ...event, data: {}, source: 'test', sourceId: String(index) })),
      now,
    ),
  );
});
afterAll(() => database.close());

describe('a score whose target is an event', () => {
  it('is trained on past cuts, measured on the latest, and puts those first to whom it will happen', async () => {
    const report = await train(declare(failures));
    expect(report).toMatchObject({ promoted: true, refusedFor: [] });
    expect(Object.fromEntries(report.findings.map(({ feature, found }) => [feature, found]))).toEqual({
      failures: 'used',
      usage: 'used',
      branch: 'no-history',
    });
    expect(report.metrics.auc).toBeGreaterThan(0.7);
    // Cuts of 30 to 240 days ago; those of the basic plan who were still there.
    expect(report.metrics.trainedOn).toBeGreaterThan(report.metrics.validatedOn * 2);
  });

  it('scores all of its population, and one customer the same', async () => {
    const { scored } = await scoreCustomers(em(), { kind: 'churn', now });
    const before = await scores();
    const [there] = await query<{ count: number }>(
      em(),
      `select count(*) as count from customer where status <> 'churned' and plan = 'basic'`,
    );
    expect(scored).toBe(there?.count);
    expect(before.size).toBe(scored);
    const [failing] = await query<{ id: string; external: string }>(
      em(),
      `select c.id, c.external_id as external from customer c join customer_event e on e.customer_id = c.id
       where c.status <> 'churned' and c.plan = 'basic' and e.kind = 'payment.failed' and e.at > $1 limit 1`,
      [new Date(now.getTime() - 45 * dayMs)],
    );
    await scoreCustomers(em(), { kind: 'churn', customerIds: [failing?.id ?? ''], now });
    expect(await scores()).toEqual(before);
    const mean = [...before.values()].reduce((sum, value) => sum + value, 0) / before.size;
    expect(before.get(failing?.external ?? '')).toBeGreaterThan(mean);
  });

  it('sees at once what happened to one customer', async () => {
    const [quiet] = await query<{ id: string; external: string }>(
      em(),
      `select c.id, c.external_id as external from customer c
       where c.status <> 'churned' and c.plan = 'basic'
         and not exists (select from customer_event e where e.customer_id = c.id and e.kind = 'payment.failed' and e.at > $1) limit 1`,
      [new Date(now.getTime() - 60 * dayMs)],
    );
    const id = quiet?.id ?? '';
    const before = (await scores()).get(quiet?.external ?? '') ?? 1;
    const failed = { customerId: id, kind: 'payment.failed', at: now, data: {}, source: 'test', sourceId: 'just now' };
    await em().transactional((tx) => recordEvents(tx, [failed], now));
    await scoreCustomers(em(), { kind: 'churn', customerIds: [id], now });
    expect((await scores()).get(quiet?.external ?? '')).toBeGreaterThan(before + 0.05);
  });

  it('is compared with its predecessor on the same rows, also where a feature of one name is read from something else', async () => {
    const worse = await train(declare('{ failures: { events: usage, since_first: true } }'));
    expect(worse.promoted).toBe(false);
    const same = await train(declare(failures));
    expect(same.promoted).toBe(true);
    expect(same.predecessor?.metrics?.logLoss).toBeCloseTo(same.metrics.logLoss ?? NaN, 6);
    expect(worse.predecessor?.metrics?.logLoss).toBe(same.predecessor?.metrics?.logLoss);
  });

  it('is not used if it misses a gate of its declaration', async () => {
    const { promoted, refusedFor } = await train(declare(failures, 'gates: { auc: 0.999, calibration_error: 0.9 }'));
    expect(promoted).toBe(false);
    expect(refusedFor).toEqual([expect.stringMatching(/^its AUC is 0\.\d{4}, and the declaration asks for at least 0.999$/)]);
  });

  it('names a feature that only follows from the outcome', async () => {
    const leaving = await query<{ id: string; at: Date }>(
      em(),
      `select customer_id as id, at from customer_event where kind = 'contract.ended'`,
    );
    // A file that dates the goodbye before the notice it follows.
    await em().transactional((tx) =>
      recordEvents(
        tx,
        leaving.flatMap(({ id, at }) =>
          Array.from({ length: 30 }, (_, day) => ({
            customerId: id,
            kind: 'goodbye',
            at: new Date(at.getTime() - (day + 0.5) * dayMs),
            data: {},
            source: 'goodbye',
            sourceId: `${id}-${day}`,
          })),
        ),
        now,
      ),
    );
    const leak = await train(declare('{ usage: { events: usage, since_last: true }, goodbye: { events: goodbye, count: 30 days } }'));
    expect(leak.promoted).toBe(false);
    expect(leak.refusedFor.join()).toMatch(/^goodbye predicts the outcome nearly alone/);
  });
});
