import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, testNow, type MadeCampaign } from '../../test/harness/factories.js';
import { changeState } from './change-state.js';
import { query, queryOne } from '../persistence/sql.js';
import { listAlerts } from '../access/alerts.js';
import { Problem } from '../platform/problem.js';
import { guardCampaigns, pauseReason } from './campaign-health.js';
import { readSendingLimits } from '../messaging/providers/sending-limits.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
afterEach(async () => {
  await query(em(), `update campaign set state = 'completed'`);
  await query(em(), 'delete from alert');
});

const em = () => database.orm.em.fork();
const limits = readSendingLimits();
const later = (minutes: number): Date => new Date(testNow.getTime() + minutes * 60_000);
const guard = (now = later(1)): Promise<string[]> => guardCampaigns(em(), limits, now);

/** Writes messages of one customer into the ledger, all at once. */
async function send(
  campaign: MadeCampaign,
  counts: Readonly<Record<string, number>>,
  columns: { readonly at?: Date; readonly errorClass?: string } = {},
): Promise<void> {
  const customer = await makeCustomer(em());
  const point = await makeContactPoint(em(), customer.id, 'email');
  const enrolment = await makeEnrolment(em(), campaign, customer.id);
  for (const [state, count] of Object.entries(counts)) {
    await query(
      em(),
      `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, step, occurrence, channel, purpose, template, state,
         fence, attempts, error_class, not_before, send_before, planned_at, submitted_at, settled_at)
       select uuidv7(), $1, $2, $3, $4, $5, n, 'email', 'marketing', 'save-offer', $5, 1, 1, $7, $8, $8, $8, $8, $8 from generate_series(1, $6) n`,
      [enrolment.id, campaign.id, customer.id, point.id, state, count, columns.errorClass ?? null, columns.at ?? testNow],
    );
  }
}

/** Stores the report of a mailbox provider, twice for each message. */
async function complain(campaign: MadeCampaign, count: number, reported = true): Promise<void> {
  await query(
    em(),
    `insert into response (id, source, source_id, channel, customer_id, message_id, answer, because, reported, received_at)
     select uuidv7(), 'smtp', concat(m.id, $3::boolean, n), 'email', m.customer_id, m.id, 'complaint', 'a test', $3, $4
     from (select id, customer_id from message where campaign_id = $1 and state = 'delivered' order by id limit $2) m, generate_series(1, 2) n`,
    [campaign.id, count, reported, testNow],
  );
}

const stateOf = (campaign: MadeCampaign) =>
  queryOne<{ state: string; reason: string | null }>(em(), 'select state, pause_reason as reason from campaign where id = $1', [
    campaign.id,
  ]);
const openAlerts = () => listAlerts(em(), { open: true, after: null, rows: 10 });

describe('a campaign that does harm', () => {
  it('pauses automatically if too many messages bounce, with a reason and one alert', async () => {
    const campaign = await makeCampaign(em(), { title: 'Save at risk' });
    await send(campaign, { delivered: 1_000, accepted: 84, bounced: 40 });
    await send(campaign, { rejected: 20 }, { errorClass: 'dead-address' });
    // An error of the content or of the provider is neither a bounce nor a sent message.
    await send(campaign, { rejected: 500 }, { errorClass: 'alert' });
    const [first, second] = await Promise.all([guard(), guard()]);
    expect([...first, ...second]).toEqual([campaign.id]);
    const reason = '60 of the last 1,144 messages by e-mail came back (5.24%); the limit is 5%.';
    expect(await stateOf(campaign)).toEqual({ state: 'paused', reason });
    expect(await openAlerts()).toMatchObject([
      { kind: 'campaign-paused', subject: campaign.id, detail: reason, title: 'Save at risk', raisedAt: later(1) },
    ]);
    expect(await guard()).toEqual([]);
  });

  it('continues when a person resumes it, and is not paused again because of earlier messages', async () => {
    const campaign = await makeCampaign(em());
    await send(campaign, { delivered: 200, bounced: 40 });
    expect(await guard()).toEqual([campaign.id]);
    await em().transactional((tx) => changeState(tx, campaign.id, 'resume', later(10)));
    expect(await stateOf(campaign)).toEqual({ state: 'live', reason: null });
    expect(await openAlerts()).toEqual([]);
    expect(await guard(later(11))).toEqual([]);

    await send(campaign, { delivered: 189, bounced: 10 }, { at: later(12) });
    expect(await guard(later(13))).toEqual([]);
    await send(campaign, { bounced: 1 }, { at: later(12) });
    expect(await guard(later(13))).toEqual([campaign.id]);
    await em().transactional((tx) => changeState(tx, campaign.id, 'cancel', later(14)));
    expect(await stateOf(campaign)).toEqual({ state: 'cancelled', reason: null });
    expect(await openAlerts()).toEqual([]);
  });

  it('pauses if mailbox providers report it as spam, with each message counted once', async () => {
    const campaign = await makeCampaign(em());
    await send(campaign, { delivered: 1_000 });
    await complain(campaign, 3, false);
    await complain(campaign, 2);
    expect(await guard()).toEqual([]);
    await query(em(), 'delete from response');
    await complain(campaign, 3);
    expect(await guard()).toEqual([campaign.id]);
    expect((await stateOf(campaign))?.reason).toBe(
      '3 of the last 1,000 messages by e-mail were reported as spam (0.3%); the limit is 0.1%.',
    );
  });

  it('is judged only by its last messages, and not changed if it is not live', async () => {
    const campaign = await makeCampaign(em());
    await send(campaign, { bounced: 600 });
    await send(campaign, { delivered: limits.email.last }, { at: later(0.5) });
    const paused = await makeCampaign(em(), { state: 'paused' });
    await send(paused, { delivered: 200, bounced: 100 });
    expect(await guard()).toEqual([]);
    expect(await stateOf(paused)).toEqual({ state: 'paused', reason: null });
  });

  it('pauses exactly above the share and from the lowest number on', () => {
    const { share, atLeast } = limits.email.bounces;
    const sent = Math.max(atLeast, 1_000);
    const of = (bounced: number) => pauseReason({ campaignId: '', channel: 'email', sent, bounced, complained: 0 }, limits);
    expect([of(Math.floor(share * sent)), of(Math.floor(share * sent) + 1)]).toEqual([null, expect.stringContaining('came back')]);
    fc.assert(
      fc.property(fc.nat(5_000), fc.nat(5_000), fc.nat(5_000), (sent, first, second) => {
        const [bounced, complained] = [Math.min(first, sent), Math.min(second, sent)];
        const { bounces, complaints } = limits.email;
        const ill =
          (sent >= bounces.atLeast && bounced >= bounces.fewest && bounced / sent > bounces.share) ||
          (sent >= complaints.atLeast && complained >= complaints.fewest && complained / sent > complaints.share);
        expect(pauseReason({ campaignId: '', channel: 'email', sent, bounced, complained }, limits) !== null).toBe(ill);
      }),
    );
  });

  it('keeps the alert and the reason if the command is refused', async () => {
    const campaign = await makeCampaign(em());
    await send(campaign, { delivered: 200, bounced: 40 });
    await guard();
    await expect(em().transactional((tx) => changeState(tx, campaign.id, 'pause', later(2)))).rejects.toThrow(Problem);
    expect((await stateOf(campaign))?.reason).not.toBeNull();
    expect(await openAlerts()).toHaveLength(1);
  });
});
