import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { day, makeCampaign, makeCustomer, makeEnrolment, makeOffer, testNow, type MadeCampaign } from '../../test/harness/factories.js';
import { query, queryOne } from '../persistence/sql.js';
import { type Arm, type Enrolment } from './enrolment.entity.js';
import { takeWindow, type LaunchWindow } from './launcher.js';
import { measureDue } from '../lifecycle/measure-due.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const em = () => db.orm.em.fork();
const later = new Date(testNow.getTime() + day);
const windowEnd = new Date(testNow.getTime() + 30 * day);

async function pend(campaign: MadeCampaign, arms: readonly Arm[]): Promise<string[]> {
  const ids: string[] = [];
  for (const arm of arms) {
    const parts = { arm, state: 'pending', enteredAt: null, measureAt: null } as const;
    ids.push((await makeEnrolment(em(), campaign, (await makeCustomer(em())).id, parts)).id);
  }
  return ids;
}

const pick = <T>(from: readonly T[], ...places: readonly number[]): T[] => places.map((place) => from[place] as T);

const idsIn = ({ toStart, pending }: LaunchWindow) => ({ toStart: toStart.map(({ id }) => id), pending });

describe('takeWindow', () => {
  it('admits both arms in parallel, oldest first, with at most the allowed number of treated ones starting', async () => {
    const campaign = await makeCampaign(em());
    const ids = await pend(campaign, ['holdout', 'treated', 'treated', 'holdout', 'treated', 'treated']);
    const window = await takeWindow(em(), campaign.id, 2, later);
    expect(idsIn(window)).toEqual({ toStart: pick(ids, 1, 2), pending: true });
    const rows = await query(em(), `select arm, state, entered_at, measure_at from enrolment where id = $1`, [ids[3]]);
    expect(rows).toEqual([{ arm: 'holdout', state: 'entered', entered_at: later, measure_at: new Date(later.getTime() + 30 * day) }]);
  });

  it('records what each customer pays at entry, if it is in the campaign’s currency', async () => {
    const campaign = await makeCampaign(em());
    const [own, foreign] = await pend(campaign, ['treated', 'holdout']);
    await query(em(), `update customer set currency = 'USD' from enrolment e where e.id = $1 and customer.id = e.customer_id`, [foreign]);
    await query(em(), `update enrolment set entry_charge = null where campaign_id = $1`, [campaign.id]);
    await takeWindow(em(), campaign.id, 10, later);
    await query(em(), `update customer set monthly_charge = 9900 from enrolment e where e.id = $1 and customer.id = e.customer_id`, [own]);
    expect(await query(em(), 'select entry_charge as charge from enrolment where campaign_id = $1 order by id', [campaign.id])).toEqual([
      { charge: 3_000 },
      { charge: null },
    ]);
  });

  it('returns again those whose journey never began, and no others until it has', async () => {
    const campaign = await makeCampaign(em());
    const ids = await pend(campaign, ['treated', 'treated', 'treated']);
    await takeWindow(em(), campaign.id, 2, later);
    expect(idsIn(await takeWindow(em(), campaign.id, 2, later))).toMatchObject({ toStart: pick(ids, 0, 1), pending: true });
    await query(em(), `update enrolment set step = 'choose' where id = $1`, [ids[0]]);
    expect(idsIn(await takeWindow(em(), campaign.id, 2, later))).toMatchObject({ toStart: pick(ids, 1, 2), pending: false });
  });

  it('admits a whole queue of held-out customers at once', async () => {
    const campaign = await makeCampaign(em());
    const ids = await pend(campaign, ['holdout', 'holdout', 'holdout', 'holdout', 'holdout', 'treated', 'holdout']);
    expect(idsIn(await takeWindow(em(), campaign.id, 1, later))).toMatchObject({ toStart: pick(ids, 5), pending: true });
  });

  it.each(['draft', 'paused', 'cancelled', 'completed'] as const)('admits nobody into a %s campaign', async (state) => {
    const campaign = await makeCampaign(em(), { state });
    await pend(campaign, ['treated', 'holdout']);
    expect(await takeWindow(em(), campaign.id, 10, later)).toEqual({ toStart: [], pending: true });
  });

  it('does not admit more when it is called several times at once', async () => {
    const campaign = await makeCampaign(em());
    const ids = await pend(
      campaign,
      Array.from({ length: 12 }, () => 'treated' as const),
    );
    const windows = await Promise.all(Array.from({ length: 6 }, () => takeWindow(em(), campaign.id, 5, later)));
    for (const window of windows) expect(idsIn(window).toStart).toEqual(ids.slice(0, 5));
  });
});

describe('measureDue', () => {
  async function entered(campaign: MadeCampaign, churnedAt: Date | null, parts: Partial<Enrolment> = {}): Promise<Enrolment> {
    const customer = await makeCustomer(em(), { churnedAt, status: churnedAt === null ? 'active' : 'churned' });
    return makeEnrolment(em(), campaign, customer.id, parts);
  }
  const measured = (enrolment: Enrolment): Promise<object | undefined> =>
    queryOne(em(), `select state, outcome, retained, kept_revenue as kept, measured_at as at from enrolment where id = $1`, [enrolment.id]);

  it('measures both arms in the same way when their window has ended, and closes the held-out', async () => {
    const campaign = await makeCampaign(em());
    const saved = await entered(campaign, null, { state: 'closed', outcome: 'saved', closedAt: later });
    const lost = await entered(campaign, windowEnd, { state: 'closed', outcome: 'lapsed', closedAt: later });
    const retainedAtEnd = await entered(campaign, new Date(windowEnd.getTime() + 1), { arm: 'holdout' });
    const inside = await entered(campaign, null, { measureAt: new Date(windowEnd.getTime() + day) });

    expect(await measureDue(em(), campaign.id, new Date(windowEnd.getTime() - 1))).toEqual({
      measured: 0,
      open: true,
      nextMeasureAt: windowEnd,
    });
    expect(await measureDue(em(), campaign.id, windowEnd)).toEqual({ measured: 3, open: true, nextMeasureAt: inside.measureAt });
    expect(await measured(saved)).toEqual({ state: 'closed', outcome: 'saved', retained: true, kept: 0, at: windowEnd });
    expect(await measured(lost)).toEqual({ state: 'closed', outcome: 'lapsed', retained: false, kept: -3_000, at: windowEnd });
    expect(await measured(retainedAtEnd)).toEqual({ state: 'closed', outcome: 'held-out', retained: true, kept: 0, at: windowEnd });
    expect(await measured(inside)).toMatchObject({ state: 'entered', retained: null, at: null });
  });

  it('measures nobody twice', async () => {
    const campaign = await makeCampaign(em());
    await entered(campaign, null, { arm: 'holdout' });
    const all = await Promise.all(Array.from({ length: 4 }, () => measureDue(em(), campaign.id, windowEnd)));
    expect(all.map((each) => each.measured).sort()).toEqual([0, 0, 0, 1]);
    expect(await measureDue(em(), campaign.id, windowEnd)).toEqual({ measured: 0, open: false, nextMeasureAt: null });
  });

  it('measures a page at a time, those whose window ended first, until nobody is due', async () => {
    const campaign = await makeCampaign(em());
    const ids: string[] = [];
    for (const days of [3, 1, 2]) ids.push((await entered(campaign, null, { measureAt: new Date(testNow.getTime() + days * day) })).id);
    const pages = [];
    for (let page = 0; page < 3; page += 1) pages.push((await measureDue(em(), campaign.id, windowEnd, 2)).measured);
    expect(pages).toEqual([2, 1, 0]);
    const rows = await query<{ id: string }>(em(), 'select id from enrolment where campaign_id = $1 order by measure_at', [campaign.id]);
    expect(rows.map(({ id }) => id)).toEqual(pick(ids, 1, 2, 0));
  });

  it('subtracts a twelfth of the cost of accepted offers from the kept revenue, also for churned customers', async () => {
    const campaign = await makeCampaign(em());
    const stayed = await entered(campaign, null);
    const churned = await entered(campaign, later);
    for (const each of [stayed, churned]) {
      await makeOffer(em(), each, { state: 'accepted' });
      await makeOffer(em(), each, { state: 'expired', step: 'choose-again', cost: 9_999 });
    }
    await measureDue(em(), campaign.id, windowEnd);
    expect(await measured(stayed)).toMatchObject({ retained: true, kept: -100 });
    expect(await measured(churned)).toMatchObject({ retained: false, kept: -3_100 });
  });

  it('does not change the outcome of a cancelled holdout', async () => {
    const campaign = await makeCampaign(em());
    const holdout = await entered(campaign, null, { arm: 'holdout', state: 'closed', outcome: 'cancelled', closedAt: later });
    await measureDue(em(), campaign.id, windowEnd);
    expect(await measured(holdout)).toMatchObject({ outcome: 'cancelled', retained: true });
  });
});
