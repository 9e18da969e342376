import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { day, makeCampaign, makeCustomer, makeEnrolment, testNow, type MadeCampaign } from '../../test/harness/factories.js';
import { query } from '../persistence/sql.js';
import type { Enrolment } from './enrolment.entity.js';
import { measureDue } from '../lifecycle/measure-due.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const em = () => db.orm.em.fork();
const minute = 60_000;
const windowEnd = new Date(testNow.getTime() + 30 * day);
const after = (ms: number, instant = windowEnd): Date => new Date(instant.getTime() + ms);

const enter = async (campaign: MadeCampaign, parts: Partial<Enrolment> = {}): Promise<Enrolment> =>
  makeEnrolment(em(), campaign, (await makeCustomer(em())).id, parts);
const renew = async ({ customer }: Enrolment, at: Date): Promise<unknown> =>
  query(em(), `update customer set status = 'renewed', updated_at = $2 where id = $1`, [customer, at]);
const happen = async ({ customer }: Enrolment, at: Date): Promise<unknown> =>
  query(
    em(),
    `insert into customer_event (id, customer_id, kind, at, data, source, source_id, received_at) values (uuidv7(), $1, 'visit', $2, '{}', 'test', uuidv7()::text, $2)`,
    [customer, at],
  );
const reached = async (campaign: MadeCampaign): Promise<string[]> =>
  (
    await query<{ id: string }>(em(), 'select id from enrolment where campaign_id = $1 and goal_at is not null order by id', [campaign.id])
  ).map(({ id }) => id);

describe('a goal', () => {
  it('does not count if it is reached after the window but before the measurement', async () => {
    const campaign = await makeCampaign(em());
    const [inside, late] = [await enter(campaign), await enter(campaign)];
    await renew(inside, after(-minute));
    await renew(late, after(minute));
    await measureDue(em(), campaign.id, after(5 * minute));
    expect(await reached(campaign)).toEqual([inside.id]);
  });

  it('about events is checked as of the end of the window', async () => {
    const campaign = await makeCampaign(em(), { definition: { goal: 'events("visit", 7) > 0' } });
    const [inside, late, early] = [await enter(campaign), await enter(campaign), await enter(campaign)];
    await happen(inside, after(-7 * day + minute));
    await happen(late, after(minute));
    await happen(early, after(-8 * day));
    await measureDue(em(), campaign.id, after(day));
    expect(await reached(campaign)).toEqual([inside.id]);
  });

  it('is checked for everybody inside at intervals, however often measuring is requested', async () => {
    const campaign = await makeCampaign(em());
    const [first, second] = [await enter(campaign), await enter(campaign)];
    await renew(first, testNow);
    await measureDue(em(), campaign.id, after(day, testNow));
    expect(await reached(campaign)).toEqual([first.id]);
    await renew(second, testNow);
    await measureDue(em(), campaign.id, after(day + minute, testNow));
    expect(await reached(campaign)).toEqual([first.id]);
    await measureDue(em(), campaign.id, after(day + 15 * minute, testNow));
    expect(await reached(campaign)).toEqual([first.id, second.id]);
  });

  it('is checked only for the due enrolments of each measured page', async () => {
    const campaign = await makeCampaign(em());
    const due = [await enter(campaign), await enter(campaign, { measureAt: after(minute) })];
    await measureDue(em(), campaign.id, after(-minute));
    for (const each of due) await renew(each, testNow);
    const inside = await enter(campaign, { measureAt: after(day) });
    await renew(inside, testNow);
    await measureDue(em(), campaign.id, after(5 * minute), 1);
    expect(await reached(campaign)).toEqual([due[0]?.id]);
    await measureDue(em(), campaign.id, after(5 * minute), 1);
    expect(await reached(campaign)).toEqual(due.map(({ id }) => id));
  });
});
