import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import {
  day,
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  makeOffer,
  testNow,
  type MadeCampaign,
} from '../../test/harness/factories.js';
import { Campaign } from '../campaigns/campaign.entity.js';
import { CampaignVersion } from '../campaigns/campaign-version.entity.js';
import { Enrolment } from '../campaigns/enrolment.entity.js';
import { recordProgress } from '../campaigns/enrolment-progress.js';
import { measureDue } from '../lifecycle/measure-due.js';
import { Customer, madeUpAnswers } from '../customers/customer.entity.js';
import { newId } from '../platform/ids.js';
import { Response } from '../responses/response.entity.js';
import { Decision } from '../offers/decision.entity.js';
import { recordDecision, type NewDecision } from '../offers/decisions.js';
import { campaignFeed } from './campaign-feed.js';
import { campaignReport } from './campaign-report.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const em = () => db.orm.em.fork();
const later = new Date(testNow.getTime() + day);
const at = (minutes: number): Date => new Date(later.getTime() + minutes * 60_000);

async function enrol(campaign: MadeCampaign, parts: Partial<Enrolment> = {}, customer: Partial<Customer> = {}): Promise<Enrolment> {
  return makeEnrolment(em(), campaign, (await makeCustomer(em(), customer)).id, parts);
}

async function decide(enrolment: Enrolment, parts: Partial<NewDecision>): Promise<void> {
  const { id: enrolmentId, campaign: campaignId, customer: customerId } = enrolment;
  const base = {
    step: 'offer',
    occurrence: 1,
    reference: null,
    ordinal: 0,
    kind: 'send',
    subject: 'email',
    candidates: [],
    reasons: ['allowed'],
    until: null,
    at: later,
  } as const;
  const [main] = parts.reasons ?? [];
  const cause = parts.kind === 'defer' || parts.kind === 'block' ? (main ?? null) : null;
  await recordDecision(em(), { enrolmentId, campaignId, customerId, ...base, cause, ...parts });
}

async function respond(enrolment: Enrolment, answer: Response['answer'], receivedAt = later): Promise<void> {
  await em().insert(Response, {
    id: newId(),
    source: 'twilio',
    sourceId: newId(),
    channel: 'sms',
    customer: enrolment.customer,
    enrolment: enrolment.id,
    message: null,
    answer,
    because: 'a test',
    text: null,
    receivedAt,
  });
}

describe('campaignReport', () => {
  it('of a campaign that nobody has entered is all zeros', async () => {
    const campaign = await makeCampaign(em(), { state: 'draft', launchedAt: null, definition: { holdout: 0.1 } });
    expect(await campaignReport(em(), campaign.id, later)).toMatchObject({
      campaign: {
        id: campaign.id,
        key: campaign.key,
        state: 'draft',
        version: 1,
        pauseReason: null,
        launchedAt: null,
        windowDays: 30,
        audience: 'customer.tenure >= 3',
        trigger: 'churn rises above 0.60',
        holdout: 0.1,
        currency: 'EUR',
      },
      entered: { total: 0, treated: 0, holdout: 0, pending: 0 },
      underway: { total: 0, paused: 0, deferred: 0, byStep: {} },
      outcomes: {},
      budget: { cap: 2_000_000, reserved: 0, spent: 0 },
      offers: { issued: 0, open: 0, accepted: 0, declined: 0, expired: 0, byTreatment: [] },
      messages: [],
      decisions: { send: 0, treat: 0, none: 0, deferred: [], blocked: [] },
      responses: {},
      lift: null,
      madeUp: false,
      madeUpPeople: false,
    });
  });

  it('counts each enrolment where it is', async () => {
    const campaign = await makeCampaign(em());
    const waiting = await enrol(campaign);
    const paused = await enrol(campaign, { state: 'paused' });
    for (const each of [waiting, paused]) {
      await recordProgress(em(), each.id, campaign.id, [{ ordinal: 1, step: 'choose', at: later.getTime(), label: null }], null);
    }
    const deferred = await enrol(campaign, { step: 'offer', waitingUntil: at(9) });
    await decide(deferred, { step: 'offer', kind: 'defer', cause: 'quiet-hours', until: at(9) });
    const sent = await enrol(campaign, { step: 'await', waitingUntil: at(9) });
    await decide(sent, { step: 'offer', kind: 'defer', cause: 'quiet-hours', until: at(9) });
    await enrol(campaign, {}, { made: ['email'] });
    await enrol(campaign, { state: 'pending', enteredAt: null, measureAt: null });
    await enrol(campaign, { state: 'closed', outcome: 'saved' });
    await enrol(campaign, { state: 'closed', outcome: 'cancelled', enteredAt: null, measureAt: null });
    await enrol(campaign, { arm: 'holdout' });
    await enrol(campaign, { arm: 'holdout', state: 'closed', outcome: 'held-out' });
    const report = await campaignReport(em(), campaign.id, later);
    expect(report.entered).toEqual({ total: 8, treated: 6, holdout: 2, pending: 1 });
    expect(report.underway).toEqual({ total: 5, paused: 1, deferred: 1, byStep: { choose: 2, offer: 1, await: 1 } });
    expect(report.outcomes).toEqual({ saved: 1, cancelled: 1, 'held-out': 1 });
    expect([report.madeUp, report.madeUpPeople]).toEqual([false, true]);
    expect(report.graph.steps[0]).toMatchObject({ id: 'choose', title: 'Choose treatment', visits: 2, waiting: 2 });
  });

  it('counts offers, messages, decisions and answers', async () => {
    const campaign = await makeCampaign(em());
    const first = await enrol(campaign);
    const second = await enrol(campaign);
    await makeOffer(em(), first, { state: 'accepted' });
    await makeOffer(em(), first, { step: 'again', expiresAt: later });
    await makeOffer(em(), second, { treatment: 'free-upgrade', title: 'An upgrade' });
    const email = await makeContactPoint(em(), first.customer, 'email');
    const sms = await makeContactPoint(em(), first.customer, 'sms');
    await makeMessage(em(), first, email, { state: 'delivered' });
    await makeMessage(em(), first, email, { state: 'submitting', occurrence: 2 });
    await makeMessage(em(), first, sms, { state: 'unknown', segments: 3, costMilli: 24_000 });
    await decide(first, {});
    await decide(first, { ordinal: 1, kind: 'defer', reasons: ['quiet-hours', 'Europe/Berlin'] });
    await decide(second, { kind: 'defer', reasons: ['quiet-hours'] });
    await decide(second, { ordinal: 1, kind: 'defer', reasons: ['cap'] });
    await decide(second, { ordinal: 2, kind: 'block', reasons: ['no-consent'] });
    await respond(first, 'accepted');
    await respond(second, 'auto-reply');
    const other = await enrol(await makeCampaign(em()));
    await respond(other, 'accepted');

    const report = await campaignReport(em(), campaign.id, later);
    expect(report.offers).toEqual({
      issued: 3,
      open: 1,
      accepted: 1,
      declined: 0,
      expired: 1,
      withdrawn: 0,
      byTreatment: [
        { treatment: 'bill-credit-10', title: '12 EUR off your next bill', issued: 2, accepted: 1 },
        { treatment: 'free-upgrade', title: 'An upgrade', issued: 1, accepted: 0 },
      ],
    });
    const none = {
      planned: 0,
      accepted: 0,
      delivered: 0,
      bounced: 0,
      rejected: 0,
      unknown: 0,
      withdrawn: 0,
      late: 0,
      segments: 0,
      cost: 0,
    };
    expect(report.messages).toEqual([
      { ...none, channel: 'email', planned: 1, delivered: 1 },
      { ...none, channel: 'sms', unknown: 1, segments: 3, cost: 24 },
    ]);
    expect(report.decisions).toEqual({
      send: 1,
      treat: 3,
      none: 0,
      deferred: [
        { reason: 'quiet-hours', count: 2 },
        { reason: 'cap', count: 1 },
      ],
      blocked: [{ reason: 'no-consent', count: 1 }],
    });
    expect(report.responses).toEqual({ accepted: 1, 'auto-reply': 1 });
    expect(report.budget).toEqual({ cap: 2_000_000, reserved: 3_600, spent: 1_200 });
  });

  it('compares the arms so far, and as measured when every window has ended', async () => {
    const campaign = await makeCampaign(em(), { definition: { holdout: 0.25 } });
    const gone = { status: 'churned', churnedAt: later } as const;
    const treated = [
      await enrol(campaign),
      await enrol(campaign),
      await enrol(campaign),
      await enrol(campaign),
      await enrol(campaign),
      await enrol(campaign, {}, gone),
    ];
    await enrol(campaign, { arm: 'holdout' });
    await enrol(campaign, { arm: 'holdout' }, gone);
    for (const each of treated.slice(0, 3)) await makeOffer(em(), each, { state: 'accepted' });

    const soFar = (await campaignReport(em(), campaign.id, later)).lift;
    expect(soFar).toMatchObject({
      basis: 'so-far',
      treated: { n: 6, retained: 5, rate: 5 / 6 },
      holdout: { n: 2, retained: 1, rate: 1 / 2 },
      difference: 5 / 6 - 1 / 2,
      // Against the 3000 at entry, treated: three -100, two 0, one -3000. Held out: 0 and -3000.
      revenue: { treatedMean: -550, holdoutMean: -1_500, difference: 950, keptTotal: 5_700 },
      sampleRatio: { expected: 0.25, actual: 0.25, p: 1 },
    });
    expect(soFar?.revenue?.low).toBeLessThan(950);
    expect((soFar?.revenue?.keptHigh ?? 0) / 6).toBeCloseTo(soFar?.revenue?.high ?? NaN, 0);

    // A customer who churns after the window does not change the measurement.
    await measureDue(em(), campaign.id, new Date(testNow.getTime() + 30 * day));
    await em().nativeUpdate(Customer, { id: treated[0]?.customer }, { churnedAt: new Date(testNow.getTime() + 31 * day) });
    const measured = (await campaignReport(em(), campaign.id, new Date(testNow.getTime() + 40 * day))).lift;
    expect(measured).toEqual({ ...soFar, basis: 'measured' });
  });

  it('reports made-up answers only if a program answers, and not for made-up names alone', async () => {
    const people = await makeCampaign(em());
    await enrol(people, {}, { made: ['name', 'contact_points'] });
    expect(await campaignReport(em(), people.id, later)).toMatchObject({ madeUp: false, madeUpPeople: true });
    const demo = await makeCampaign(em());
    await enrol(demo, {}, { made: ['name', madeUpAnswers] });
    expect(await campaignReport(em(), demo.id, later)).toMatchObject({ madeUp: true, madeUpPeople: true });
    const real = await makeCampaign(em());
    await enrol(real);
    expect(await campaignReport(em(), real.id, later)).toMatchObject({ madeUp: false, madeUpPeople: false });
  });

  describe('kept revenue', () => {
    const end = new Date(testNow.getTime() + 30 * day);
    const revenueOf = async (campaign: MadeCampaign, now: Date) => (await campaignReport(em(), campaign.id, now)).lift?.revenue;

    it('is zero on the first day, however much more expensive the contracts of one arm are', async () => {
      const campaign = await makeCampaign(em(), { definition: { holdout: 0.5 } });
      for (const charge of [9_000, 12_000, 15_000]) await enrol(campaign, { entryCharge: charge }, { monthlyCharge: charge });
      for (const charge of [1_000, 2_000]) await enrol(campaign, { arm: 'holdout', entryCharge: charge }, { monthlyCharge: charge });
      const none = { treatedMean: 0, holdoutMean: 0, difference: 0, low: 0, high: 0, keptTotal: 0, keptLow: 0, keptHigh: 0 };
      expect(await revenueOf(campaign, testNow)).toEqual({ ...none, treatedCharged: 3, holdoutCharged: 2 });
      await measureDue(em(), campaign.id, end);
      expect(await revenueOf(campaign, end)).toEqual({ ...none, treatedCharged: 3, holdoutCharged: 2 });
    });

    it('counts the change since each entry: a more expensive plan, a cheaper one, a loss', async () => {
      const campaign = await makeCampaign(em(), { definition: { holdout: 0.5 } });
      await enrol(campaign, { entryCharge: 5_000 }, { monthlyCharge: 6_000 });
      await enrol(campaign, { entryCharge: 9_000 }, { monthlyCharge: 8_000 });
      await enrol(campaign, { arm: 'holdout', entryCharge: 4_000 }, { monthlyCharge: 4_000, status: 'churned', churnedAt: later });
      await enrol(campaign, { arm: 'holdout', entryCharge: 100 }, { monthlyCharge: 100 });
      expect(await revenueOf(campaign, later)).toMatchObject({ treatedMean: 0, holdoutMean: -2_000, difference: 2_000, keptTotal: 4_000 });
    });

    it('leaves out customers whose charge is not known or in another currency, and is not known without two in each arm', async () => {
      const campaign = await makeCampaign(em(), { definition: { holdout: 0.5 } });
      for (const arm of ['treated', 'holdout'] as const) {
        await enrol(campaign, { arm });
        await enrol(campaign, { arm, entryCharge: null });
        await enrol(campaign, { arm, entryCharge: 3_000 }, { currency: 'USD', monthlyCharge: 900_000 });
      }
      expect(await revenueOf(campaign, later)).toBeNull();
      for (const arm of ['treated', 'holdout'] as const) await enrol(campaign, { arm });
      expect(await revenueOf(campaign, later)).toMatchObject({ treatedCharged: 2, holdoutCharged: 2, difference: 0, keptTotal: 0 });
      await measureDue(em(), campaign.id, end);
      expect(await revenueOf(campaign, end)).toMatchObject({ treatedCharged: 2, holdoutCharged: 2, difference: 0, keptTotal: 0 });
    });
  });

  describe('the goal', () => {
    const end = new Date(testNow.getTime() + 30 * day);
    const renewed = { status: 'renewed' } as const;

    it('is measured in both arms by the same rule, whatever journeys noticed', async () => {
      const campaign = await makeCampaign(em(), { definition: { holdout: 0.4 } });
      await enrol(campaign, {}, renewed);
      await enrol(campaign, { state: 'closed', outcome: 'lapsed' }, renewed);
      await enrol(campaign, { state: 'closed', outcome: 'saved' });
      await enrol(campaign, { arm: 'holdout' }, renewed);
      await enrol(campaign, { arm: 'holdout' });
      const expected = {
        rule: 'customer.status == "renewed"',
        treated: { n: 3, reached: 2, rate: 2 / 3 },
        holdout: { n: 2, reached: 1, rate: 1 / 2 },
        difference: 2 / 3 - 1 / 2,
      };
      expect((await campaignReport(em(), campaign.id, later)).lift?.goal).toMatchObject(expected);
      await measureDue(em(), campaign.id, end);
      // A customer who reaches it after the window does not change the measurement.
      await em().nativeUpdate(Customer, { status: 'active' }, renewed);
      expect((await campaignReport(em(), campaign.id, end)).lift).toMatchObject({ basis: 'measured', goal: expected });
      await em().nativeUpdate(Customer, { status: 'renewed' }, { status: 'active' });
    });

    it('that was reached once stays reached, in either arm', async () => {
      const campaign = await makeCampaign(em(), { definition: { holdout: 0.5 } });
      const all = [];
      for (const arm of ['treated', 'treated', 'holdout', 'holdout'] as const) all.push(await enrol(campaign, { arm }, renewed));
      await measureDue(em(), campaign.id, later);
      for (const { customer } of all) await em().nativeUpdate(Customer, { id: customer }, { status: 'active' });
      await measureDue(em(), campaign.id, end);
      const goal = (await campaignReport(em(), campaign.id, end)).lift?.goal;
      expect([goal?.treated.reached, goal?.holdout.reached]).toEqual([2, 2]);
    });

    it('is that of the version that each customer was enrolled into, whichever version is shown', async () => {
      const campaign = await makeCampaign(em(), { definition: { holdout: 0.5 } });
      const { definition } = campaign;
      const add = async (version: number, parts: Partial<typeof definition>): Promise<MadeCampaign> => {
        const versionId = newId();
        const launched = version === 3 ? null : testNow;
        await em().insert(CampaignVersion, {
          ...{ id: versionId, campaign: campaign.id, version, source: '', treatments: [], createdAt: testNow, launchedAt: launched },
          definition: { ...definition, ...parts },
        });
        return { ...campaign, versionId };
      };
      const second = await add(2, { goal: 'customer.tenure > 20', windowMs: 20 * day });
      await add(3, { goal: 'customer.tenure > 0', windowMs: 10 * day, audience: 'customer.tenure > 0', holdout: 0.1 });
      await em().nativeUpdate(Campaign, { id: campaign.id }, { version: 2 });
      for (const arm of ['treated', 'holdout'] as const) {
        await enrol(campaign, { arm }, renewed);
        await enrol(campaign, { arm }, { tenure: 30 });
        await enrol(second, { arm }, renewed);
        await enrol(second, { arm }, { tenure: 30 });
      }
      const shown = (await campaignReport(em(), campaign.id, later)).campaign;
      expect(shown).toMatchObject({ version: 2, windowDays: 20, holdout: 0.5 });
      for (const version of [null, 1, 2, 3]) {
        const report = await campaignReport(em(), campaign.id, later, version);
        expect(report.campaign).toEqual(shown);
        expect(report.lift?.goal).toMatchObject({
          rule: 'customer.tenure > 20',
          treated: { n: 4, reached: 2 },
          holdout: { n: 4, reached: 2 },
        });
        expect(report.graph.version).toBe(version ?? 2);
      }
    });

    it('does not count if it is reached after the window but before the measurement', async () => {
      const campaign = await makeCampaign(em(), { definition: { holdout: 0.5 } });
      const after = new Date(end.getTime() + 60_000);
      for (const arm of ['treated', 'treated', 'holdout', 'holdout'] as const)
        await enrol(campaign, { arm }, { ...renewed, updatedAt: after });
      const goal = (await campaignReport(em(), campaign.id, after)).lift?.goal;
      expect([goal?.treated.reached, goal?.holdout.reached]).toEqual([0, 0]);
    });

    it('is missing if the campaign has none', async () => {
      const campaign = await makeCampaign(em(), { definition: { holdout: 0.5, goal: null } });
      for (const arm of ['treated', 'treated', 'holdout', 'holdout'] as const) await enrol(campaign, { arm }, renewed);
      expect((await campaignReport(em(), campaign.id, later)).lift).toMatchObject({ goal: null, difference: 0 });
    });
  });

  it('has no lift until each arm has two customers', async () => {
    const campaign = await makeCampaign(em());
    for (let i = 0; i < 3; i++) await enrol(campaign);
    await enrol(campaign, { arm: 'holdout' });
    expect((await campaignReport(em(), campaign.id, later)).lift).toBeNull();
  });

  it('says so where there is no such campaign', async () => {
    await expect(campaignReport(em(), newId(), later)).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('campaignFeed', () => {
  it('lists the events, newest first', async () => {
    const campaign = await makeCampaign(em());
    const [ines, tom, eva, juan, mia, ole] = await Promise.all(
      ['Ines', 'Tom', 'Eva', 'Juan', 'Mia', 'Ole'].map((name) => enrol(campaign, {}, { name, timeZone: 'Europe/Madrid' })),
    );
    if (!ines || !tom || !eva || !juan || !mia || !ole) throw new Error('six were enrolled');
    const candidate = { key: 'bill-credit-10', eligible: true, reasons: [] };
    await decide(tom, { kind: 'treat', subject: 'bill-credit-10', candidates: [{ ...candidate, value: 4_100 }], at: at(1) });
    await decide(eva, { kind: 'none', subject: null, candidates: [{ ...candidate, value: -300 }], reasons: ['nothing-pays'], at: at(2) });
    await decide(juan, { kind: 'defer', subject: 'sms', reasons: ['quiet-hours'], until: new Date('2026-03-04T07:00:00Z'), at: at(3) });
    await decide(juan, { ordinal: 1, kind: 'block', subject: 'email', reasons: ['no-consent'], at: at(4) });
    await decide(juan, { ordinal: 2, kind: 'send', at: at(5) });
    await respond(mia, 'opt-out', at(6));
    await respond(eva, 'question', at(7));
    await respond(tom, 'accepted', at(8));
    await em().nativeUpdate(Enrolment, { id: ole.id }, { state: 'closed', outcome: 'lapsed', closedAt: at(9) });
    await em().nativeUpdate(Enrolment, { id: mia.id }, { state: 'closed', outcome: 'opted-out', closedAt: at(10) });
    await em().nativeUpdate(Enrolment, { id: ines.id }, { state: 'closed', outcome: 'saved', closedAt: at(11) });
    await makeOffer(em(), ines, { state: 'accepted' });
    await em().nativeUpdate(Decision, { enrolment: ines.id }, { kind: 'assess' });

    const feed = await campaignFeed(em(), campaign.id, 30);
    expect(feed.map((each) => [each.kind, each.customer.name, each.text])).toEqual([
      ['saved', 'Ines', 'accepted 12 EUR off your next bill'],
      ['closed', 'Ole', 'lapsed'],
      ['question', 'Eva', 'asked a question by SMS'],
      ['stop', 'Mia', 'asked to stop by SMS'],
      ['block', 'Juan', 'e-mail not sent: no consent'],
      ['defer', 'Juan', 'SMS waits until 4 Mar 08:00 (Europe/Madrid): quiet hours'],
      ['none', 'Eva', 'nothing pays, best -€3.00'],
      ['treat', 'Tom', 'bill credit 10, expected +€41.00'],
    ]);
    expect(feed[0]).toMatchObject({ at: at(11).toISOString(), customer: { id: ines.customer }, enrolmentId: ines.id });
    expect(await campaignFeed(em(), campaign.id, 2)).toEqual(feed.slice(0, 2));
  });
});
