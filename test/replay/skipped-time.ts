import type { WorkflowClient, WorkflowHandle } from '@temporalio/client';
import { createCampaignActivities } from '../../activities/campaign.js';
import { createJourneyActivities } from '../../activities/journey.js';
import { journeyAnswers } from '../../libs/journeys/answers/table.js';
import type { JourneySignal } from '../../libs/journeys/journey-signal.js';
import { readPolicyTables } from '../../libs/messaging/contact-policy/policy-tables.js';
import { query, queryOne } from '../../libs/persistence/sql.js';
import { realTime } from '../../libs/platform/clock.js';
import { newId } from '../../libs/platform/ids.js';
import {
  campaignUpdates,
  campaignWorkflowId,
  journeySignals,
  workflowTypes,
  type CampaignWorkflow,
  type JourneyWorkflow,
} from '../../workflows/contract.js';
import { campaignStart, journeyStart } from '../../workflows/starts.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';
import { enterShippedCampaign, makeShippedCampaign, makeSomebodyAtRisk, type Entered } from '../harness/shipped-campaign.js';
import { createSkippingTemporal, taskQueue, type SkippingTemporal } from '../harness/temporal.js';
import { waitFor } from '../harness/wait-for.js';

/** Keeps the history of a workflow under a name. */
export type Keep = (workflows: WorkflowClient, name: string, workflowId: string, runId?: string) => Promise<void>;

/** What happens to a journey that waits for its answer. */
type Happening = (stage: Stage, handle: WorkflowHandle<JourneyWorkflow>, entered: Entered) => Promise<void>;

interface Stage {
  readonly database: TestDatabase;
  readonly temporal: SkippingTemporal;
  readonly workflows: WorkflowClient;
}

const deliver =
  (signal: JourneySignal): Happening =>
  (_stage, handle) =>
    handle.signal(journeySignals.deliver, { id: newId(), signal });

/** By the name of the history. After it, time passes until the journey ends. */
const happenings: Readonly<Record<string, Happening>> = {
  ...Object.fromEntries(journeyAnswers().map((answer) => [`answer-${answer}`, deliver({ kind: 'response', answer, responseId: newId() })])),
  silence: () => Promise.resolve(),
  cancelled: (_stage, handle) => handle.signal(journeySignals.cancel),
  erased: deliver({ kind: 'customer-erased' }),
  // Delivered three times, it is handled once.
  'customer-changed': async (stage, handle, entered) => {
    await query(stage.database.orm.em.fork(), `update customer set status = 'renewed' where id = $1`, [entered.customer.id]);
    const delivered = { id: newId(), signal: { kind: 'customer-changed' } } as const;
    for (let time = 0; time < 3; time += 1) await handle.signal(journeySignals.deliver, delivered);
  },
  'message-failed': async (stage, handle, { enrolmentId }) => {
    const sent = await queryOne<{ id: string; channel: string }>(
      stage.database.orm.em.fork(),
      'select id, channel from message where enrolment_id = $1',
      [enrolmentId],
    );
    const failed = { messageId: sent?.id ?? '', channel: sent?.channel ?? '', why: 'bounced' } as const;
    await handle.signal(journeySignals.deliver, { id: newId(), signal: { kind: 'message-failed', ...failed } });
  },
};

/** Runs journeys, and a campaign, on a server in which days pass at once. */
export async function skippedTime(keep: Keep): Promise<void> {
  const database = await createTestDatabase();
  const temporal = await createSkippingTemporal();
  const { orm } = database;
  const { clock } = temporal;
  const { workflow: workflows } = temporal.env.client;
  const hints = { hint: () => Promise.resolve(), close: () => Promise.resolve() };
  const policy = readPolicyTables(['email', 'sms']);
  const activities = {
    ...createJourneyActivities({ orm, clock, hints, policy: () => policy }),
    ...createCampaignActivities({ orm, workflows, clock, rate: realTime, taskQueue, launchWindow: 2 }),
  };
  const stage = { database, temporal, workflows };
  try {
    await temporal.serve(activities, async () => {
      for (const [name, happening] of Object.entries(happenings)) await journey(stage, `journey-${name}`, happening, keep);
      await pausedJourney(stage, keep);
      await campaign(stage, keep);
    });
  } finally {
    await temporal.close();
    await database.close();
  }
}

async function journey(stage: Stage, name: string, happening: Happening, keep: Keep): Promise<void> {
  const entered = await enter(stage);
  const handle = await begin(stage, entered);
  await waits(stage, entered);
  await happening(stage, handle, entered);
  await handle.result();
  await keep(stage.workflows, name, handle.workflowId);
}

/** Its campaign is paused when it begins; then it is resumed, and the offer is accepted. */
async function pausedJourney(stage: Stage, keep: Keep): Promise<void> {
  const entered = await enter(stage);
  const set = (state: string) =>
    query(stage.database.orm.em.fork(), 'update campaign set state = $2 where id = $1', [entered.campaign.id, state]);
  await set('paused');
  const handle = await begin(stage, entered);
  await waitFor(async () => (await standing(stage, entered))?.state === 'paused');
  await set('live');
  await handle.signal(journeySignals.resume);
  await waits(stage, entered);
  await deliver({ kind: 'response', answer: 'accepted', responseId: newId() })(stage, handle, entered);
  await handle.result();
  await keep(stage.workflows, 'journey-paused', handle.workflowId);
}

/** Admits three through a window of two, is paused and resumed, and ends when it is cancelled. */
async function campaign(stage: Stage, keep: Keep): Promise<void> {
  const em = stage.database.orm.em.fork();
  await query(em, `update customer set status = 'churned'`);
  const { id } = await makeShippedCampaign(em);
  const now = new Date(await stage.temporal.env.currentTimeMs());
  for (let count = 0; count < 3; count += 1) await makeSomebodyAtRisk(em, now);
  const start = campaignStart(id, 'live', { clock: realTime, taskQueue });
  const handle = await stage.workflows.start<CampaignWorkflow>(workflowTypes.campaign, start);
  const begun = async (): Promise<boolean> =>
    (await query(em, `select from enrolment where campaign_id = $1 and (arm = 'holdout' or step is not null)`, [id])).length === 3;
  await waitFor(begun, 30_000);
  for (const command of ['pause', 'resume', 'cancel'] as const) await handle.executeUpdate(campaignUpdates.command, { args: [command] });
  await handle.result();
  await keep(stage.workflows, 'campaign', campaignWorkflowId(id));
}

const enter = async ({ database, temporal }: Stage): Promise<Entered> =>
  enterShippedCampaign(database.orm.em.fork(), new Date(await temporal.env.currentTimeMs()));

function begin({ workflows }: Stage, { enrolmentId, campaign: { id }, customer }: Entered): Promise<WorkflowHandle<JourneyWorkflow>> {
  const start = journeyStart({ enrolmentId, campaignId: id, customerId: customer.id }, { clock: realTime, taskQueue });
  return workflows.start<JourneyWorkflow>(workflowTypes.journey, start);
}

const standing = ({ database }: Stage, { enrolmentId }: Entered) =>
  queryOne<{ state: string; step: string | null; waitingUntil: Date | null }>(
    database.orm.em.fork(),
    'select state, step, waiting_until as "waitingUntil" from enrolment where id = $1',
    [enrolmentId],
  );

const waits = (stage: Stage, entered: Entered): Promise<unknown> =>
  waitFor(async () => {
    const row = await standing(stage, entered);
    return row?.step === 'await' && row.waitingUntil !== null;
  }, 30_000);
