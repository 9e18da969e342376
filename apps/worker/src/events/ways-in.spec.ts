import { Readable } from 'node:stream';
import { parseMapping } from '../../../../libs/ingestion/import/mapping.js';
import { createCampaignActivities } from '../../../../activities/campaign.js';
import { createJourneyActivities } from '../../../../activities/journey.js';
import { endDueContracts } from '../../../../libs/customers/contract-status.js';
import { Enrolment } from '../../../../libs/campaigns/enrolment.entity.js';
import type { Customer } from '../../../../libs/customers/customer.entity.js';
import { recordEvents } from '../../../../libs/customers/record-events.js';
import { changeCustomer, type CustomerChanges } from '../../../../libs/ingestion/change-customer.js';
import { importCustomers } from '../../../../libs/ingestion/import/import-customers.js';
import type { JourneyGraph } from '../../../../libs/journeys/graph.js';
import { readPolicyTables } from '../../../../libs/messaging/contact-policy/policy-tables.js';
import { query, queryOne } from '../../../../libs/persistence/sql.js';
import { realTime } from '../../../../libs/platform/clock.js';
import { newId } from '../../../../libs/platform/ids.js';
import { createLogger } from '../../../../libs/platform/log.js';
import { loadPreferences, savePreferences } from '../../../../libs/preferences/preferences-store.js';
import { recordScores } from '../../../../libs/scores/record-scores.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import {
  day,
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  makeScore,
} from '../../../../test/harness/factories.js';
import { createSkippingTemporal, taskQueue, type SkippingTemporal } from '../../../../test/harness/temporal.js';
import { waitFor } from '../../../../test/harness/wait-for.js';
import { workflowTypes, type CampaignWorkflow } from '../../../../workflows/contract.js';
import { campaignStart, journeyStart } from '../../../../workflows/starts.js';
import { EventRelay } from './event-relay.js';
import { deliverTo, subscribers, unsubscribedKinds } from './subscribers.js';

let database: TestDatabase;
let temporal: SkippingTemporal;
let activities: object;

beforeAll(async () => {
  database = await createTestDatabase();
  temporal = await createSkippingTemporal();
  const { orm } = database;
  const { clock, env } = temporal;
  const hints = { hint: () => Promise.resolve(), close: () => Promise.resolve() };
  activities = {
    ...createJourneyActivities({ orm, clock, hints, policy: () => policy }),
    ...createCampaignActivities({ orm, workflows: env.client.workflow, clock, rate: realTime, taskQueue, launchWindow: 10 }),
  };
});
afterAll(async () => {
  await temporal.close();
  await database.close();
});

const em = () => database.orm.em.fork();
const now = async () => new Date(await temporal.env.currentTimeMs());

/** Waits for an answer, for longer than any test. */
const waits: JourneyGraph = {
  first: 'await',
  steps: {
    await: { id: 'await', kind: 'await', spec: { answerWithinMs: 20 * day }, ways: { accepted: 'saved', silence: 'lapsed' } },
    saved: { id: 'saved', kind: 'exit', spec: { outcome: 'saved' }, ways: {} },
    lapsed: { id: 'lapsed', kind: 'exit', spec: { outcome: 'lapsed' }, ways: {} },
  },
};

/** With running journeys, campaigns and a relay. */
async function working(work: () => Promise<void>): Promise<void> {
  const { orm } = database;
  const { clock, env } = temporal;
  const around = { orm, workflows: env.client.workflow, clock, rate: realTime, taskQueue };
  const relay = new EventRelay(orm, deliverTo(subscribers, around), unsubscribedKinds(subscribers), clock, createLogger('relay', 'silent'));
  await temporal.serve(activities, async () => {
    relay.start();
    await work().finally(() => relay.stop());
  });
}

const standing = async (enrolmentId: string) =>
  queryOne<{ step: string | null; outcome: string | null }>(em(), 'select step, outcome from enrolment where id = $1', [enrolmentId]);

type Change = (customer: Customer, at: Date) => Promise<unknown>;

const event =
  (kind: string): Change =>
  ({ externalId }, at) =>
    em().transactional((tx) => recordEvents(tx, [{ externalId, kind, at, data: {}, source: 'test', sourceId: newId() }], at));

const mapping = parseMapping(`
import: test
customer:
  external_id: { column: id }
  plan: { column: plan }
attributes:
  contract: { column: contract, type: keyword }
`);
const byImport: Change = ({ externalId }, at) =>
  importCustomers(em(), { stream: Readable.from([`id,plan,contract\n${externalId},gold,two-year`]), mapping, now: at });

const scored: Change = ({ id }, at) => recordScores(em(), [{ customerId: id, kind: 'clv', value: 900 }], at);

const scoredWithMany: Change = async ({ id }, at) => {
  const others = await Promise.all(Array.from({ length: 100 }, () => makeCustomer(em())));
  return recordScores(
    em(),
    [id, ...others.map((each) => each.id)].map((customerId) => ({ customerId, kind: 'clv', value: 900 })),
    at,
  );
};

const byApi =
  (changes: CustomerChanges): Change =>
  ({ id }, at) =>
    em().transactional((tx) => changeCustomer(tx, id, changes, [], at));

/** On the page that a link of their message opens. */
const onPreferencePage: Change = async ({ id }, at) => {
  const [enrolment] = await em().find(Enrolment, { customer: id });
  if (enrolment === undefined) throw new Error('The enrolment is gone');
  const message = await makeMessage(em(), enrolment, await makeContactPoint(em(), id, 'email'), { state: 'accepted', submittedAt: at });
  const options = { languageOf: (locale: string) => locale.slice(0, 2), channels: ['email'] as const };
  const seen = (await loadPreferences(em(), message.id, options))?.shown;
  if (seen === undefined) throw new Error('There is no page');
  const ticked = new Set(Object.entries(seen.consents).flatMap(([key, { granted }]) => (granted ? [key] : [])));
  const wished = { ticked, choices: { ...seen.choices, language: 'fr' } };
  await savePreferences(em(), message.id, { seen, wished, wordingVersion: '1' }, options, at);
};

const policy = readPolicyTables(['email', 'sms']);

describe('a change that reaches the goal ends the journey at once, wherever it came from', () => {
  it.each<[string, string, Change, string]>([
    ['a column by import', 'customer.plan == "gold"', byImport, 'saved'],
    ['an attribute by import', 'customer.contract == "two-year"', byImport, 'saved'],
    ['an event', 'events("payment.made", 30) > 0', event('payment.made'), 'saved'],
    ['a renewal', 'customer.status == "renewed"', event('contract.renewed'), 'saved'],
    ['a score of one', 'score.clv > 500', scored, 'saved'],
    ['a score among many', 'score.clv > 500', scoredWithMany, 'saved'],
    ['a column by the API', 'customer.plan == "gold"', byApi({ plan: 'gold' }), 'saved'],
    ['an attribute by the API', 'customer.contract == "two-year"', byApi({ attributes: { contract: 'two-year' } }), 'saved'],
    ['a status by the API', 'customer.status == "renewed"', byApi({ status: 'renewed' }), 'saved'],
    ['a choice on the preference page', 'customer.locale == "fr"', onPreferencePage, 'saved'],
    ['the end of a contract', 'customer.status == "renewed"', event('contract.ended'), 'churned'],
  ])('%s', async (_what, goal, change, outcome) => {
    await working(async () => {
      const { enrolmentId, customer } = await inside(goal);
      await change(customer, await now());
      await waitFor(async () => (await standing(enrolmentId))?.outcome === outcome, 15_000);
    });
  });

  it('the day of a notice', async () => {
    await working(async () => {
      const { enrolmentId, customer } = await inside('customer.status == "renewed"');
      const at = await now();
      await query(em(), 'update customer set churned_at = $2 where id = $1', [customer.id, at]);
      expect(await endDueContracts(em(), at)).toBe(1);
      await waitFor(async () => (await standing(enrolmentId))?.outcome === 'churned', 15_000);
    });
  });

  it('also before the journey has begun, which the signal starts', async () => {
    await working(async () => {
      const { enrolmentId, customer } = await inside('customer.plan == "gold"', { begun: false });
      await byImport(customer, await now());
      await waitFor(async () => (await standing(enrolmentId))?.outcome === 'saved', 15_000);
    });
  });
});

describe('a score that crosses a threshold', () => {
  it('enrols at once, once, and again only after it fell below the lower bound', async () => {
    const campaign = await makeCampaign(em(), {
      definition: {
        goal: null,
        audience: 'customer.plan != "gold"',
        journey: waits,
        trigger: { kind: 'score', score: 'upsell', risesAbove: 0.6, fallsBelow: 0.5 },
      },
    });
    const customer = await makeCustomer(em());
    const score = async (value: number): Promise<unknown> =>
      recordScores(em(), [{ customerId: customer.id, kind: 'upsell', value }], await now());
    const enrolments = async () =>
      query<{ state: string }>(em(), 'select state from enrolment where campaign_id = $1 order by created_at, id', [campaign.id]);
    await working(async () => {
      await temporal.env.client.workflow.start<CampaignWorkflow>(
        workflowTypes.campaign,
        campaignStart(campaign.id, 'live', { clock: realTime, taskQueue }),
      );
      await score(0.7);
      await waitFor(async () => (await enrolments())[0]?.state === 'entered', 15_000);
      await query(em(), `update enrolment set state = 'closed', outcome = 'lapsed', closed_at = now() where campaign_id = $1`, [
        campaign.id,
      ]);
      await score(0.55);
      await score(0.8);
      await delivered();
      expect(await enrolments()).toHaveLength(1);
      // The fall below the bound counts even if the score is above it again before the event is delivered.
      await score(0.4);
      await score(0.9);
      await waitFor(async () => (await enrolments())[1]?.state === 'entered', 15_000);
      await delivered();
      expect(await enrolments()).toHaveLength(2);
    });
  });

  it('enrols by a check of all scores if many were scored at once', async () => {
    const campaign = await makeCampaign(em(), {
      definition: {
        goal: null,
        audience: 'customer.plan == "many"',
        journey: waits,
        trigger: { kind: 'score', score: 'bad_debt', risesAbove: 0.6, fallsBelow: 0.5 },
      },
    });
    const people = await Promise.all(Array.from({ length: 101 }, () => makeCustomer(em(), { plan: 'many' })));
    const enrolled = async () => query(em(), 'select from enrolment where campaign_id = $1', [campaign.id]);
    await working(async () => {
      await temporal.env.client.workflow.start<CampaignWorkflow>(
        workflowTypes.campaign,
        campaignStart(campaign.id, 'live', { clock: realTime, taskQueue }),
      );
      await recordScores(
        em(),
        people.map(({ id }, index) => ({ customerId: id, kind: 'bad_debt' as const, value: index < 3 ? 0.9 : 0.1 })),
        await now(),
      );
      await waitFor(async () => (await enrolled()).length === 3, 15_000);
      await delivered();
      expect(await enrolled()).toHaveLength(3);
      const kinds = await query<{ kind: string }>(em(), `select distinct kind from domain_event where payload ->> 'score' = 'bad_debt'`);
      expect(kinds.map(({ kind }) => kind)).toEqual(['customers.scored']);
    });
  });

  it('enrols a customer whom a change brings into the audience while the score is above the threshold', async () => {
    const campaign = await makeCampaign(em(), {
      definition: {
        goal: null,
        audience: 'customer.plan == "gold"',
        journey: waits,
        trigger: { kind: 'score', score: 'crosssell', risesAbove: 0.6, fallsBelow: 0.5 },
      },
    });
    const customer = await makeCustomer(em());
    await working(async () => {
      await recordScores(em(), [{ customerId: customer.id, kind: 'crosssell', value: 0.9 }], await now());
      await delivered();
      const enrolled = async () => query(em(), 'select from enrolment where campaign_id = $1', [campaign.id]);
      expect(await enrolled()).toHaveLength(0);
      await byImport(customer, await now());
      await waitFor(async () => (await enrolled()).length === 1, 15_000);
    });
  });
});

const delivered = (): Promise<boolean> =>
  waitFor(async () => (await query(em(), 'select from domain_event where delivered_at is null limit 1')).length === 0);

/** A customer whose journey waits for an answer, or has not begun. */
async function inside(goal: string, { begun = true } = {}): Promise<{ readonly enrolmentId: string; readonly customer: Customer }> {
  const enteredAt = await now();
  const campaign = await makeCampaign(em(), { definition: { goal, journey: waits } });
  const customer = await makeCustomer(em());
  await makeScore(em(), customer.id, 0.5);
  const measureAt = new Date(enteredAt.getTime() + 30 * day);
  const { id: enrolmentId } = await makeEnrolment(em(), campaign, customer.id, { enteredAt, measureAt });
  if (begun) {
    const whom = { enrolmentId, campaignId: campaign.id, customerId: customer.id };
    await temporal.env.client.workflow.start(workflowTypes.journey, journeyStart(whom, { clock: realTime, taskQueue }));
    await waitFor(async () => (await standing(enrolmentId))?.step === 'await');
  }
  return { enrolmentId, customer };
}
