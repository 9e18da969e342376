import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { treatment } from '../../test/harness/definitions.js';
import { day, makeCampaign, makeCustomer, makeEnrolment, makeScore, testNow } from '../../test/harness/factories.js';
import type { Customer } from '../customers/customer.entity.js';
import { query, queryOne } from '../persistence/sql.js';
import { loadFacts } from '../segments/load-facts.js';
import { chooseAndIssue, type ChooseRequest } from './issue-offer.js';
import { releaseOffers } from './settle-offer.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(20);
});
afterAll(() => db.close());

const em = () => db.orm.em.fork();
const inTransaction = <T>(work: (tx: EntityManager) => Promise<T>): Promise<T> => db.orm.em.fork().transactional(work);

/** Worth more than the bill credit of 12 EUR, and more expensive. */
const upgrade = treatment({
  treatment: 'free-upgrade',
  kind: 'upgrade',
  cost: { fixed: '40 EUR' },
  prior: { acceptance: 0.2, uplift: 0.5 },
});
const credit = treatment();
const from = ['bill-credit-10', 'free-upgrade'];

const campaignOf = (budget: number) =>
  makeCampaign(em(), { definition: { budget: { minor: budget, currency: 'EUR' } }, treatments: [credit, upgrade] });

/** An enrolment of a customer with a churn score of 0.7, or with the given facts. */
async function enrol(
  campaign: Awaited<ReturnType<typeof makeCampaign>>,
  churn: number | null = 0.7,
  parts: Partial<Customer> = {},
): Promise<string> {
  const customer = await makeCustomer(em(), parts);
  if (churn !== null) await makeScore(em(), customer.id, churn);
  return (await makeEnrolment(em(), campaign, customer.id)).id;
}

const ask = (tx: EntityManager, enrolmentId: string, parts: Partial<ChooseRequest> = {}): ChooseRequest => ({
  enrolmentId,
  step: 'choose',
  occurrence: 1,
  from,
  now: testNow,
  begun: true,
  facts: async () => {
    const enrolment = await queryOne<{ customer: string }>(tx, 'select customer_id as customer from enrolment where id = $1', [
      enrolmentId,
    ]);
    return loadFacts(tx, enrolment?.customer ?? '', testNow);
  },
  ...parts,
});
const choose = (enrolmentId: string, parts?: Partial<ChooseRequest>) =>
  inTransaction((tx) => chooseAndIssue(tx, ask(tx, enrolmentId, parts)));
const decisionsOf = (enrolmentId: string) =>
  query<{ kind: string; subject: string | null; reasons: string[]; candidates: { key: string; reasons: string[] }[] }>(
    em(),
    'select kind, subject, reasons, candidates from decision where enrolment_id = $1 order by at, id',
    [enrolmentId],
  );
const reservedOf = async (campaignId: string): Promise<unknown> =>
  (await queryOne<{ reserved: number }>(em(), 'select budget_reserved as reserved from campaign where id = $1', [campaignId]))?.reserved;

describe('chooseAndIssue', () => {
  it('issues the best one as an offer, reserves its cost and stores the reasons', async () => {
    const campaign = await campaignOf(10_000);
    const enrolmentId = await enrol(campaign);
    expect(await choose(enrolmentId)).toEqual({ treatment: 'free-upgrade' });
    expect(await reservedOf(campaign.id)).toBe(4_000);
    const [decision] = await decisionsOf(enrolmentId);
    expect(decision).toMatchObject({ kind: 'treat', subject: 'free-upgrade', reasons: ['best-value'] });
    expect(decision?.candidates.map((each) => each.key)).toEqual(['bill-credit-10', 'free-upgrade', 'nothing']);
    const offer = await queryOne(em(), 'select * from offer where enrolment_id = $1', [enrolmentId]);
    expect(offer).toMatchObject({
      treatment: 'free-upgrade',
      cost: 4_000,
      currency: 'EUR',
      state: 'open',
      step: 'choose',
      issued_at: testNow,
      expires_at: new Date(testNow.getTime() + 14 * day),
      voucher_code: expect.stringMatching(/^\w{4}-\w{4}-\w{4}$/) as string,
    });
  });

  it('returns the first answer when it is repeated, and changes nothing', async () => {
    const campaign = await campaignOf(10_000);
    const enrolmentId = await enrol(campaign);
    await choose(enrolmentId);
    const again = await Promise.all(Array.from({ length: 5 }, () => choose(enrolmentId, { now: new Date(testNow.getTime() + day) })));
    expect(again).toEqual(Array.from({ length: 5 }, () => ({ treatment: 'free-upgrade' })));
    expect(await decisionsOf(enrolmentId)).toHaveLength(1);
    expect(await reservedOf(campaign.id)).toBe(4_000);
  });

  it('decides once if it is called several times at once', async () => {
    const campaign = await campaignOf(10_000);
    const enrolmentId = await enrol(campaign);
    const answers = await Promise.all(Array.from({ length: 8 }, () => choose(enrolmentId)));
    expect(answers).toEqual(Array.from({ length: 8 }, () => ({ treatment: 'free-upgrade' })));
    expect(await reservedOf(campaign.id)).toBe(4_000);
  });

  it('also repeats the answer that there was none', async () => {
    const campaign = await campaignOf(100);
    const enrolmentId = await enrol(campaign);
    expect(await choose(enrolmentId)).toEqual({ treatment: null });
    await query(em(), 'update campaign set budget_cap = 100000 where id = $1', [campaign.id]);
    expect(await choose(enrolmentId)).toEqual({ treatment: null });
  });

  it('does not issue a second offer when the journey returns to the step', async () => {
    const campaign = await campaignOf(10_000);
    const enrolmentId = await enrol(campaign);
    await choose(enrolmentId);
    expect(await choose(enrolmentId, { occurrence: 2 })).toEqual({ treatment: 'free-upgrade' });
    await inTransaction((tx) => releaseOffers(tx, [enrolmentId], 'declined', testNow));
    expect(await choose(enrolmentId, { occurrence: 3 })).toEqual({ treatment: null });
    expect((await decisionsOf(enrolmentId)).map((each) => each.reasons)).toEqual([
      ['best-value'],
      ['already-offered'],
      ['already-offered'],
    ]);
  });

  it('takes the next best if the budget does not allow the best', async () => {
    const campaign = await campaignOf(3_000);
    const enrolmentId = await enrol(campaign);
    expect(await choose(enrolmentId)).toEqual({ treatment: 'bill-credit-10' });
    const [decision] = await decisionsOf(enrolmentId);
    expect(decision).toMatchObject({ kind: 'treat', reasons: ['best-value', 'budget'] });
    expect(decision?.candidates.find((each) => each.key === 'free-upgrade')?.reasons[0]).toBe('budget');
    expect(await reservedOf(campaign.id)).toBe(1_200);
  });

  it.each([
    ['budget', 1_000, 0.7, {}],
    ['nothing-pays', 10_000, 0.001, {}],
    ['no-score', 10_000, null, {}],
    ['not-eligible', 10_000, 0.7, { status: 'renewed' }],
    ['not-eligible', 10_000, 0.7, { currency: 'USD' }],
  ] as const)('decides to do nothing: %s', async (reason, budget, churn, parts) => {
    const campaign = await campaignOf(budget);
    const enrolmentId = await enrol(campaign, churn, parts);
    expect(await choose(enrolmentId)).toEqual({ treatment: null });
    expect(await decisionsOf(enrolmentId)).toMatchObject([{ kind: 'none', subject: null, reasons: [reason] }]);
    expect(await reservedOf(campaign.id)).toBe(0);
  });

  it('issues exactly as many as the budget allows, however many ask at once', async () => {
    const campaign = await campaignOf(7 * 1_200 + 1_199);
    const enrolments: string[] = [];
    for (let i = 0; i < 50; i++) enrolments.push(await enrol(campaign));
    const answers = await Promise.all(enrolments.map((id) => choose(id, { from: ['bill-credit-10'] })));
    expect(answers.filter(({ treatment: given }) => given !== null)).toHaveLength(7);
    expect(await reservedOf(campaign.id)).toBe(7 * 1_200);
    const books = await queryOne(
      em(),
      `select count(*) as offers, count(distinct voucher_code) as codes from offer where campaign_id = $1`,
      [campaign.id],
    );
    expect(books).toEqual({ offers: 7, codes: 7 });
  });
});
