import type { WorkflowHandle } from '@temporalio/client';
import { createCampaignActivities } from '../activities/campaign.js';
import { createJourneyActivities } from '../activities/journey.js';
import type { CampaignState } from '../libs/campaigns/campaign.entity.js';
import type { CampaignCommand } from '../libs/campaigns/campaign-states.js';
import { readPolicyTables } from '../libs/messaging/contact-policy/policy-tables.js';
import { query, queryOne } from '../libs/persistence/sql.js';
import { realTime } from '../libs/platform/clock.js';
import { createTestDatabase, type TestDatabase } from '../test/harness/database.js';
import { day, makeCampaign, makeContactPoint, makeCustomer, makeScore, type MadeCampaign } from '../test/harness/factories.js';
import { createSkippingTemporal, taskQueue, type SkippingTemporal } from '../test/harness/temporal.js';
import { waitFor } from '../test/harness/wait-for.js';
import { campaignSignals, campaignUpdates, journeyId, workflowTypes, type CampaignWorkflow, type JourneyWorkflow } from './contract.js';
import { campaignStart, journeyStart } from './starts.js';
import { zoneWhereItIs } from '../test/harness/zones.js';

const policy = readPolicyTables(['email', 'sms']);

let database: TestDatabase;
let temporal: SkippingTemporal;
let activities: object;

beforeAll(async () => {
  database = await createTestDatabase();
  temporal = await createSkippingTemporal();
  const { orm } = database;
  const { clock } = temporal;
  const hints = { hint: () => Promise.resolve(), close: () => Promise.resolve() };
  const workflows = temporal.env.client.workflow;
  activities = {
    ...createJourneyActivities({ orm, clock, hints, policy: () => policy }),
    ...createCampaignActivities({ orm, workflows, clock, rate: realTime, taskQueue, launchWindow: 3 }),
  };
});

afterAll(async () => {
  await temporal.close();
  await database.close();
});

describe('a campaign', () => {
  it('admits everybody who crossed through a small window, measures both arms, and ends when it is completed', async () => {
    const { id } = await campaignOver(10, { holdout: 0.3 });
    await temporal.serve(activities, async () => {
      const handle = await begin(id);
      await waitFor(async () => (await standing(id)).open === 10 && (await standing(id)).unstarted === 0, 30_000);
      await give(handle, 'complete');
      await handle.result();
    });
    const { closed, measured, outcomes } = await standing(id);
    expect([closed, measured]).toEqual([10, 10]);
    expect(Object.keys(outcomes)).toContain('held-out');
  });

  it('enrols later crossings when it is woken, and nobody while it is paused', async () => {
    const { id } = await campaignOver(1);
    await temporal.serve(activities, async () => {
      const handle = await begin(id);
      await waitFor(async () => (await standing(id)).open === 1, 30_000);
      expect(await give(handle, 'pause')).toBe('paused');
      await atRisk();
      await handle.signal(campaignSignals.wake);
      await expect(give(handle, 'pause')).rejects.toThrow();
      expect((await standing(id)).open).toBe(1);
      expect(await give(handle, 'resume')).toBe('live');
      await waitFor(async () => (await standing(id)).open === 2, 30_000);
      await give(handle, 'cancel');
      await handle.result();
    });
    expect((await standing(id)).outcomes).toEqual({ cancelled: 2 });
  });

  it('lets paused enrolments continue when it is completed, and then ends them', async () => {
    const { id } = await campaignOver(4);
    await temporal.serve(activities, async () => {
      const handle = await begin(id);
      await waitFor(async () => (await standing(id)).open === 4, 30_000);
      await give(handle, 'pause');
      await query(em(), `update enrolment set state = 'paused' where campaign_id = $1`, [id]);
      await give(handle, 'complete');
      await handle.result();
    });
    expect((await standing(id)).outcomes).not.toHaveProperty('cancelled');
  });

  it('cancels thousands, of which some have closed and some never began, and continues where an attempt died', async () => {
    const { id, versionId } = await campaignOver(12);
    const signals = new Map<string, number>();
    let pages = 0;
    await temporal.serve(withCrash({ signals, page: () => (pages += 1) }), async () => {
      const handle = await begin(id);
      await waitFor(async () => (await standing(id)).open === 12 && (await standing(id)).unstarted === 0, 30_000);
      const [gone] = await query<{ id: string }>(em(), 'select id from enrolment where campaign_id = $1 limit 1', [id]);
      await temporal.env.client.workflow.getHandle(journeyId(gone?.id ?? '')).terminate('a person did');
      await enterWithoutJourney(id, versionId, 2_000);
      const asked = performance.now();
      expect(await give(handle, 'cancel')).toBe('cancelled');
      expect(performance.now() - asked).toBeLessThan(5_000);
      await waitFor(async () => (await standing(id)).open === 0, 60_000);
      await handle.result();
    });
    expect((await standing(id)).outcomes).toEqual({ cancelled: 2_012 });
    // Pages of a hundred: the third one died with its attempt, and only that page was repeated.
    expect([...signals.values()].filter((times) => times === 2)).toHaveLength(100);
    expect([...signals.values()].filter((times) => times > 2)).toHaveLength(0);
    expect(signals.size).toBe(2_012);
  });

  it('ends an enrolment whose journey ended before its first step, and then ends itself', async () => {
    const { id, versionId } = await campaignOver(0);
    await enterWithoutJourney(id, versionId, 1);
    const [lost] = await query<{ id: string }>(em(), 'select id from enrolment where campaign_id = $1', [id]);
    const { workflow } = temporal.env.client;
    const ids = { enrolmentId: lost?.id ?? '', campaignId: id, customerId: id };
    const journey = await workflow.start<JourneyWorkflow>(
      workflowTypes.journey,
      journeyStart(ids, { clock: realTime, taskQueue: 'of-nobody' }),
    );
    await journey.terminate('a person did');
    await temporal.serve(activities, async () => {
      const handle = await begin(id);
      await waitFor(async () => (await standing(id)).open === 0, 30_000);
      await give(handle, 'complete');
      await handle.result();
    });
    expect((await standing(id)).outcomes).toEqual({ cancelled: 1 });
  });

  it('carries out the first of two equal commands at once, and refuses the second', async () => {
    const { id } = await campaignOver(1);
    await temporal.serve(activities, async () => {
      const handle = await begin(id);
      const answers = await Promise.allSettled([give(handle, 'pause'), give(handle, 'pause')]);
      expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      await give(handle, 'cancel');
      await handle.result();
    });
  });
});

const em = () => database.orm.em.fork();

/** The same activities, but the third page of a cancel fails after it has signalled its journeys. Counts the signals of each journey. */
function withCrash({ signals, page }: { signals: Map<string, number>; page: () => number }): object {
  const { orm } = database;
  const { clock } = temporal;
  const real = temporal.env.client.workflow;
  const workflows = Object.assign(Object.create(real) as typeof real, {
    getHandle: (workflowId: string) => {
      signals.set(workflowId, (signals.get(workflowId) ?? 0) + 1);
      return real.getHandle(workflowId);
    },
  });
  const dying = Object.assign(Object.create(orm) as typeof orm, {
    em: {
      fork: () => {
        const fork = orm.em.fork();
        const transactional = fork.transactional.bind(fork);
        fork.transactional = (work) =>
          transactional(async (tx) => {
            const before = signals.size;
            const result = await work(tx);
            if (signals.size > before && page() === 3) throw new Error('the process died');
            return result;
          });
        return fork;
      },
    },
  });
  return { ...activities, ...createCampaignActivities({ orm: dying, workflows, clock, rate: realTime, taskQueue, launchWindow: 3 }) };
}

/** Enrolments that were admitted and whose journeys never began. */
async function enterWithoutJourney(campaignId: string, versionId: string, count: number): Promise<void> {
  await query(
    em(),
    `with made as (
       insert into customer (id, external_id, locale, status, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
       select uuidv7(), 'extra-' || n || $1::text, 'en', 'active', 7000, 'EUR', 5, '{}', '{}', now(), now() from generate_series(1, $3) n returning id
     )
     insert into enrolment (id, campaign_id, version_id, customer_id, arm, state, created_at, entered_at, measure_at)
     select uuidv7(), $1::uuid, $2, id, 'treated', 'entered', now(), now(), now() from made`,
    [campaignId, versionId, count],
  );
}

async function atRisk(): Promise<void> {
  const now = new Date(await temporal.env.currentTimeMs());
  const { id } = await makeCustomer(em(), {
    timeZone: zoneWhereItIs(13, now),
    createdAt: now,
    updatedAt: now,
  });
  await makeContactPoint(em(), id, 'email');
  await makeScore(em(), id, 0.9);
}

/** A separate live campaign for `count` customers at risk, and nobody else. */
async function campaignOver(count: number, definition: { holdout?: number } = {}): Promise<MadeCampaign> {
  await query(em(), `update customer set status = 'churned'`);
  for (let index = 0; index < count; index += 1) await atRisk();
  return makeCampaign(em(), { definition: { windowMs: 10 * day, ...definition } });
}

function begin(campaignId: string): Promise<WorkflowHandle<CampaignWorkflow>> {
  return temporal.env.client.workflow.start<CampaignWorkflow>(
    workflowTypes.campaign,
    campaignStart(campaignId, 'live', { clock: realTime, taskQueue }),
  );
}

const give = (handle: WorkflowHandle<CampaignWorkflow>, given: CampaignCommand): Promise<CampaignState> =>
  handle.executeUpdate(campaignUpdates.command, { args: [given] });

interface Standing {
  readonly open: number;
  readonly unstarted: number;
  readonly closed: number;
  readonly measured: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

async function standing(campaignId: string): Promise<Standing> {
  const row = await queryOne<Omit<Standing, 'outcomes'>>(
    em(),
    `select count(*) filter (where state in ('entered', 'paused')) as open,
            count(*) filter (where arm = 'treated' and state <> 'closed' and step is null) as unstarted,
            count(*) filter (where state = 'closed') as closed,
            count(*) filter (where measured_at is not null) as measured
     from enrolment where campaign_id = $1`,
    [campaignId],
  );
  const outcomes = await query<{ outcome: string; count: number }>(
    em(),
    `select outcome, count(*) as count from enrolment where campaign_id = $1 and outcome is not null group by outcome`,
    [campaignId],
  );
  if (row === undefined) throw new Error('PostgreSQL gave no row');
  return { ...row, outcomes: Object.fromEntries(outcomes.map(({ outcome, count }) => [outcome, count])) };
}
