import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { treatment } from '../../test/harness/definitions.js';
import { makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, testNow, type MadeCampaign } from '../../test/harness/factories.js';
import { query, queryOne } from '../persistence/sql.js';
import { armOf } from './arm.js';
import { enrolByHand, type EnrolledByHand, type HandSelection } from './enrol-by-hand.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await query(em(), 'truncate customer, campaign cascade');
});

const em = () => db.orm.em.fork();
const byHand = (campaign: MadeCampaign, selection: HandSelection, dryRun = false, again = false): Promise<EnrolledByHand> =>
  enrolByHand(em(), campaign.id, selection, { now: testNow, dryRun, again });
const enrolments = async (): Promise<number> => (await queryOne<{ count: number }>(em(), 'select count(*) from enrolment'))?.count ?? 0;

describe('enrolByHand', () => {
  it('accepts the company’s own numbers, and lists the unknown ones', async () => {
    const campaign = await makeCampaign(em());
    await makeCustomer(em(), { externalId: 'A-1' });
    await makeCustomer(em(), { externalId: 'A-2', tenure: 1 });
    const { id } = await makeCustomer(em(), { externalId: 'A-3' });
    await makeEnrolment(em(), campaign, id);
    const externalIds = ['A-2', 'A-1', 'B-9', 'A-3', 'a-1', 'A-1'];
    expect(await byHand(campaign, { externalIds })).toMatchObject({
      enrolled: 1,
      skipped: [
        { id: 'A-2', reason: 'not-in-audience' },
        { id: 'B-9', reason: 'unknown' },
        { id: 'A-3', reason: 'already-enrolled' },
        { id: 'a-1', reason: 'unknown' },
      ],
      skippedBy: { unknown: 2, 'not-in-audience': 1, 'already-enrolled': 1, churned: 0, objected: 0 },
      next: null,
    });
  });

  it('takes the customers of a rule who are in the audience, and counts the others', async () => {
    const campaign = await makeCampaign(em());
    for (const plan of ['gold', 'gold', 'basic']) await makeCustomer(em(), { plan });
    await makeCustomer(em(), { plan: 'gold', tenure: 1 });
    await makeCustomer(em(), { plan: 'gold', status: 'churned', churnedAt: testNow });
    await makeCustomer(em(), { plan: 'gold', objectedAt: testNow });
    expect(await byHand(campaign, { where: 'customer.plan == "gold"' })).toMatchObject({
      enrolled: 2,
      skipped: [],
      skippedBy: { 'not-in-audience': 1, churned: 1, objected: 1, unknown: 0, 'already-enrolled': 0 },
    });
    await expect(byHand(campaign, { where: 'customer.colour == "red"' })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('takes the whole audience, page by page, and nobody twice', async () => {
    const campaign = await makeCampaign(em());
    await query(
      em(),
      `insert into customer (id, external_id, locale, status, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
       select uuidv7(), 'n-' || n, 'en', 'active', 3000, 'EUR', case when n % 4 = 0 then 1 else 12 end, '{}', '{}', now(), now() from generate_series(1, 12000) n`,
    );
    let from: string | null = null;
    const pages: number[] = [];
    do {
      const page: EnrolledByHand = await enrolByHand(em(), campaign.id, { audience: true }, { now: testNow, from });
      pages.push(page.enrolled);
      from = page.next;
    } while (from !== null);
    expect(pages).toEqual([3_750, 3_750, 1_500]);
    expect(await byHand(campaign, { audience: true })).toMatchObject({ enrolled: 0, skippedBy: { 'already-enrolled': 3_750 } });
    expect(await enrolments()).toBe(9_000);
  });

  it('takes nobody a second time whose journey has ended, and says how many they are; unless that is asked for', async () => {
    const campaign = await makeCampaign(em());
    for (let count = 0; count < 3; count += 1) await makeCustomer(em());
    expect(await byHand(campaign, { audience: true })).toMatchObject({ enrolled: 3 });
    await query(em(), `update enrolment set state = 'closed', outcome = 'nothing-pays'`);
    await makeCustomer(em());
    expect(await byHand(campaign, { audience: true })).toMatchObject({
      enrolled: 1,
      skippedBy: { 'enrolled-before': 3, 'already-enrolled': 0 },
    });
    expect(await enrolments()).toBe(4);
    expect(await byHand(campaign, { audience: true }, false, true)).toMatchObject({
      enrolled: 3,
      skippedBy: { 'enrolled-before': 0, 'already-enrolled': 1 },
    });
  });

  it('does not count the cost of an offer that a customer cannot get: no known charge, or another currency', async () => {
    const percent = treatment({ treatment: 'bill-credit-10', cost: { percentOfMonthlyCharge: 10, months: 3 } });
    const campaign = await makeCampaign(em(), { definition: { holdout: 0 }, treatments: [percent] });
    const costOf = async (parts: Parameters<typeof makeCustomer>[1]): Promise<number> => {
      const { externalId } = await makeCustomer(em(), parts);
      return (await byHand(campaign, { externalIds: [externalId] }, true)).cost.atMost;
    };
    expect(await costOf({ monthlyCharge: 3_000, currency: 'EUR' })).toBe(900);
    expect(await costOf({ monthlyCharge: null, currency: null })).toBe(0);
    expect(await costOf({ monthlyCharge: 3_000, currency: 'CHF' })).toBe(0);
  });

  it('previews who would be enrolled, who would not, who cannot be reached, and the highest cost', async () => {
    const campaign = await makeCampaign(em(), {
      definition: { holdout: 0.5 },
      treatments: [treatment(), treatment({ treatment: 'unused', cost: { fixed: '99 EUR' } })],
    });
    const externalIds: string[] = [];
    for (let n = 0; n < 20; n += 1) {
      const { id, externalId } = await makeCustomer(em());
      externalIds.push(externalId);
      if (n < 15) await makeContactPoint(em(), id, 'email', { consent: n < 12 });
    }
    const heldOut = externalIds.filter((each) => armOf(campaign.key, each, 0.5) === 'holdout').length;
    const preview = await byHand(campaign, { externalIds }, true);
    expect(preview).toMatchObject({
      enrolled: 20,
      heldOut,
      unreachable: 8,
      cost: { atMost: (20 - heldOut) * 1_200, budgetLeft: 2_000_000, currency: 'EUR' },
    });
    expect(await enrolments()).toBe(0);
    // The real run does what the preview said, and each customer is in the same arm as always.
    expect(await byHand(campaign, { externalIds })).toEqual(preview);
    const arms = await query<{ number: string; arm: string }>(
      em(),
      'select c.external_id as number, e.arm from enrolment e join customer c on c.id = e.customer_id',
    );
    for (const { number, arm } of arms) expect(arm).toBe(armOf(campaign.key, number, 0.5));
  });

  it('refuses a dry run too if the campaign is not live', async () => {
    const campaign = await makeCampaign(em(), { state: 'draft' });
    await expect(byHand(campaign, { audience: true }, true)).rejects.toMatchObject({ kind: 'conflict' });
  });
});
