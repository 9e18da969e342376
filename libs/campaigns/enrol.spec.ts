import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { day, makeCampaign, makeCustomer, makeEnrolment, makeScore, testNow, type MadeCampaign } from '../../test/harness/factories.js';
import type { Customer } from '../customers/customer.entity.js';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { armOf, armSql } from './arm.js';
import { enrolByHand } from './enrol-by-hand.js';
import { enrolCrossingsPage, type CrossingsPlace, type Enrolled } from './enrol.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
// Every campaign checks the whole population, so each test has its own.
beforeEach(async () => {
  await query(em(), 'truncate customer, campaign cascade');
});

const em = () => db.orm.em.fork();
/** Checks everybody, in pages of `limit`. */
async function sweep(campaign: MadeCampaign, now = testNow, limit = 1_000): Promise<Enrolled> {
  const all = { enrolled: 0, heldOut: 0 };
  let from: CrossingsPlace | null = null;
  do {
    const page = await enrolCrossingsPage(em(), campaign.id, { from, limit, now });
    all.enrolled += page.enrolled;
    all.heldOut += page.heldOut;
    from = page.next;
  } while (from !== null);
  return all;
}

async function customerWith(churn: number, parts: Partial<Customer> = {}): Promise<string> {
  const { id } = await makeCustomer(em(), parts);
  await makeScore(em(), id, churn);
  return id;
}

const enrolled = async (campaign: MadeCampaign): Promise<string[]> =>
  (await query<{ id: string }>(em(), 'select customer_id as id from enrolment where campaign_id = $1 order by id', [campaign.id])).map(
    (row) => row.id,
  );

describe('armOf', () => {
  it('agrees with the SQL', async () => {
    const ids = Array.from({ length: 300 }, newId);
    for (const holdout of [0, 0.1, 0.5, 1]) {
      const rows = await query<{ id: string; arm: string }>(
        em(),
        `select c.id, ${armSql('$1', 'c.id', '$2')} as arm from unnest($3::uuid[]) as c (id)`,
        ['prüfung-1', holdout, ids],
      );
      expect(rows.map(({ arm }) => arm)).toEqual(rows.map(({ id }) => armOf('prüfung-1', id, holdout)));
    }
  });

  it('holds out the requested share, and nobody changes arms when it grows', () => {
    const ids = Array.from({ length: 20_000 }, newId);
    const heldOut = (holdout: number): string[] => ids.filter((id) => armOf('a-campaign', id, holdout) === 'holdout');
    expect(heldOut(0)).toHaveLength(0);
    expect(heldOut(1)).toHaveLength(ids.length);
    // Five standard deviations of a binomial of 20,000 at 0.1.
    expect(Math.abs(heldOut(0.1).length - 2_000)).toBeLessThan(215);
    const more = new Set(heldOut(0.2));
    expect(heldOut(0.1).every((id) => more.has(id))).toBe(true);
  });

  it('is another split for another campaign', () => {
    fc.assert(
      fc.property(fc.constantFrom('a', 'b', 'c'), (key) => {
        const ids = Array.from({ length: 400 }, newId);
        const same = ids.filter((id) => armOf(key, id, 0.5) === armOf(`${key}2`, id, 0.5)).length;
        expect(same).toBeGreaterThan(100);
        expect(same).toBeLessThan(300);
      }),
      { numRuns: 10 },
    );
  });
});

describe('enrolCrossingsPage', () => {
  it('enrols the same in pages of any size, those most at risk first, also where scores are equal', async () => {
    const scores = [0.9, 0.7, 0.7, 0.7, 0.95, 0.7, 0.61, 0.5, 0.7, 0.9];
    const ids: string[] = [];
    for (const score of scores) ids.push(await customerWith(score));
    for (const limit of [1, 2, 3, 9, 10, 100]) {
      const campaign = await makeCampaign(em());
      expect(await sweep(campaign, testNow, limit)).toEqual({ enrolled: 9, heldOut: 0 });
      const order = ids.map((id, at) => ({ id, score: scores[at] ?? 0 })).filter(({ score }) => score > 0.6);
      order.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
      const rows = await query<{ id: string }>(em(), 'select customer_id as id from enrolment e where campaign_id = $1 order by e.id', [
        campaign.id,
      ]);
      expect(rows.map(({ id }) => id)).toEqual(order.map(({ id }) => id));
    }
  });

  it('re-arms, page by page, customers who fell below the lower bound', async () => {
    const campaign = await makeCampaign(em());
    const ids: string[] = [];
    for (let at = 0; at < 7; at += 1) ids.push(await customerWith(0.8));
    await sweep(campaign);
    await query(em(), `update enrolment set state = 'closed', outcome = 'lapsed'`);
    for (const id of ids) await makeScore(em(), id, 0.4);
    await sweep(campaign, testNow, 2);
    for (const id of ids) await makeScore(em(), id, 0.8);
    expect(await sweep(campaign, testNow, 2)).toEqual({ enrolled: 7, heldOut: 0 });
  });

  it('checks at most one page, however many of its customers are enrolled', async () => {
    const campaign = await makeCampaign(em());
    for (const tenure of [1, 1, 1, 12]) await customerWith(0.8, { tenure });
    const second = await enrolCrossingsPage(em(), campaign.id, { from: { part: 'enrol', below: null }, limit: 2, now: testNow });
    expect(second).toMatchObject({ enrolled: 0, next: { part: 'enrol', below: { rank: 0.8 } } });
  });

  it('enrols customers above the threshold whom nothing excludes', async () => {
    const campaign = await makeCampaign(em());
    const at = await customerWith(0.61);
    await customerWith(0.6);
    await customerWith(0.9, { tenure: 2 });
    await customerWith(0.9, { status: 'churned', churnedAt: testNow });
    await customerWith(0.9, { objectedAt: testNow });
    await makeCustomer(em());
    expect(await sweep(campaign)).toEqual({ enrolled: 1, heldOut: 0 });
    const rows = await query(em(), 'select customer_id, version_id, arm, state, trigger_score, created_at, entered_at from enrolment');
    expect(rows).toEqual([
      {
        customer_id: at,
        version_id: campaign.versionId,
        arm: 'treated',
        state: 'pending',
        trigger_score: 0.61,
        created_at: testNow,
        entered_at: null,
      },
    ]);
  });

  it('reads only the trigger’s score', async () => {
    const campaign = await makeCampaign(em());
    const { id } = await makeCustomer(em());
    await makeScore(em(), id, 0.9, 'upsell');
    expect(await sweep(campaign)).toEqual({ enrolled: 0, heldOut: 0 });
  });

  it('sorts into arms as armOf says', async () => {
    const campaign = await makeCampaign(em(), { definition: { holdout: 0.5 } });
    for (let i = 0; i < 40; i++) await customerWith(0.8);
    const { enrolled: all, heldOut } = await sweep(campaign);
    const rows = await query<{ id: string; arm: string }>(
      em(),
      'select c.external_id as id, e.arm from enrolment e join customer c on c.id = e.customer_id',
    );
    expect(rows).toHaveLength(all);
    expect(rows.filter((row) => row.arm === 'holdout')).toHaveLength(heldOut);
    for (const { id, arm } of rows) expect(arm).toBe(armOf(campaign.key, id, 0.5));
  });

  it('enrols again only after the score fell below the lower bound', async () => {
    const campaign = await makeCampaign(em());
    const id = await customerWith(0.7);
    const cross = async (value: number): Promise<number> => {
      await makeScore(em(), id, value);
      const { enrolled: count } = await sweep(campaign, new Date(testNow.getTime() + day));
      await query(em(), `update enrolment set state = 'closed', outcome = 'lapsed'`);
      return count;
    };
    const path = [];
    for (const value of [0.7, 0.8, 0.55, 0.9, 0.5, 0.9, 0.49, 0.55, 0.61, 0.9]) path.push(await cross(value));
    //            enrolled^  still disarmed, 0.50 is not below it      re-armed^     ^crosses again
    expect(path).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
  });

  it('does not enrol an armed customer who is already inside', async () => {
    const campaign = await makeCampaign(em());
    const id = await customerWith(0.7);
    await makeEnrolment(em(), campaign, id);
    expect(await sweep(campaign)).toEqual({ enrolled: 0, heldOut: 0 });
  });

  it('enrols once, however many sweeps run at the same time', async () => {
    const campaign = await makeCampaign(em());
    for (let i = 0; i < 30; i++) await customerWith(0.8);
    const sweeps = await Promise.all(Array.from({ length: 6 }, () => sweep(campaign)));
    expect(sweeps.reduce((total, each) => total + each.enrolled, 0)).toBe(30);
    expect(await enrolled(campaign)).toHaveLength(30);
  });

  it.each(['draft', 'paused', 'cancelled', 'completed'] as const)('enrols nobody into a %s campaign', async (state) => {
    const campaign = await makeCampaign(em(), { state });
    await customerWith(0.8);
    expect(await sweep(campaign)).toEqual({ enrolled: 0, heldOut: 0 });
  });

  it('enrols into the campaign’s current version', async () => {
    const campaign = await makeCampaign(em(), { version: 3 });
    await customerWith(0.8);
    await sweep(campaign);
    expect(await queryOne(em(), 'select version_id from enrolment')).toEqual({ version_id: campaign.versionId });
  });

  it('reports that there is no such campaign', async () => {
    await expect(enrolCrossingsPage(em(), newId(), { from: null, limit: 10, now: testNow })).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('enrolByHand', () => {
  it('enrols whatever the score, in the order of the request, and gives the reason for each refusal', async () => {
    const campaign = await makeCampaign(em(), { definition: { trigger: { kind: 'manual' } } });
    const fine = (await makeCustomer(em())).id;
    const young = (await makeCustomer(em(), { tenure: 1 })).id;
    const churned = (await makeCustomer(em(), { status: 'churned', churnedAt: testNow })).id;
    const objected = (await makeCustomer(em(), { objectedAt: testNow })).id;
    const inside = (await makeCustomer(em())).id;
    await makeEnrolment(em(), campaign, inside);
    const unknown = newId();
    const result = await enrolByHand(
      em(),
      campaign.id,
      { customerIds: [young, fine, churned, objected, inside, unknown, 'nonsense', fine] },
      { now: testNow },
    );
    expect(result).toMatchObject({
      enrolled: 1,
      heldOut: 0,
      skipped: [
        { id: young, reason: 'not-in-audience' },
        { id: churned, reason: 'churned' },
        { id: objected, reason: 'objected' },
        { id: inside, reason: 'already-enrolled' },
        { id: unknown, reason: 'unknown' },
        { id: 'nonsense', reason: 'unknown' },
      ],
    });
    expect(await queryOne(em(), 'select state, trigger_score from enrolment where customer_id = $1', [fine])).toEqual({
      state: 'pending',
      trigger_score: null,
    });
  });

  it('leaves nothing for the sweep to enrol again', async () => {
    const campaign = await makeCampaign(em());
    const id = await customerWith(0.9);
    await enrolByHand(em(), campaign.id, { customerIds: [id] }, { now: testNow });
    await query(em(), `update enrolment set state = 'closed', outcome = 'lapsed'`);
    expect(await sweep(campaign)).toEqual({ enrolled: 0, heldOut: 0 });
  });

  it('does not enrol twice for two requests at once, with a sweep between them', async () => {
    const campaign = await makeCampaign(em());
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) ids.push(await customerWith(0.8));
    const byHand = () => enrolByHand(em(), campaign.id, { customerIds: ids }, { now: testNow });
    const results = await Promise.all([byHand(), sweep(campaign), byHand()]);
    expect(results.reduce((total, each) => total + each.enrolled, 0)).toBe(10);
    expect(await enrolled(campaign)).toHaveLength(10);
  });

  it('refuses if the campaign is not live', async () => {
    const campaign = await makeCampaign(em(), { state: 'paused' });
    await expect(enrolByHand(em(), campaign.id, { customerIds: [] }, { now: testNow })).rejects.toMatchObject({ kind: 'conflict' });
  });
});
