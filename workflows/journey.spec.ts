import type { WorkflowHandle } from '@temporalio/client';
import { createJourneyActivities } from '../activities/journey.js';
import { readPolicyTables } from '../libs/messaging/contact-policy/policy-tables.js';
import { costOf } from '../libs/journeys/cost.js';
import { query, queryOne } from '../libs/persistence/sql.js';
import { newId } from '../libs/platform/ids.js';
import { realTime } from '../libs/platform/clock.js';
import { acceptOffer } from '../libs/offers/settle-offer.js';
import { createTestDatabase, type TestDatabase } from '../test/harness/database.js';
import type { MadeCampaign } from '../test/harness/factories.js';
import { enterShippedCampaign, type Entered } from '../test/harness/shipped-campaign.js';
import { waitFor } from '../test/harness/wait-for.js';
import { createSkippingTemporal, taskQueue, type SkippingTemporal } from '../test/harness/temporal.js';
import { journeySignals, workflowTypes, type JourneyWorkflow } from './contract.js';
import { journeyStart } from './starts.js';

const policy = readPolicyTables(['email', 'sms']);

let database: TestDatabase;
let temporal: SkippingTemporal;
let activities: object;
const hinted: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  temporal = await createSkippingTemporal();
  const hints = { hint: (channel: string) => Promise.resolve(void hinted.push(channel)), close: () => Promise.resolve() };
  activities = createJourneyActivities({ orm: database.orm, clock: temporal.clock, hints, policy: () => policy });
});

afterAll(async () => {
  await temporal.close();
  await database.close();
});

describe('a journey of the project’s campaign', () => {
  it('ends as saved when the offer is accepted', async () => {
    const entered = await enrolled();
    const { enrolmentId } = entered;
    await temporal.serve(activities, async () => {
      const handle = await begin(entered);
      await parkedAt(enrolmentId, 'await');
      await accept(handle, enrolmentId);
      expect(await handle.result()).toBe('saved');
    });
    expect(await rows(enrolmentId)).toMatchObject({ state: 'closed', outcome: 'saved', offers: ['accepted'], channels: ['email'] });
    expect(await kindsOfDecision(enrolmentId)).toEqual(['assess', 'treat', 'send']);
  });

  it('reminds on the other channel after four days of silence, and lapses after five more', async () => {
    const entered = await enrolled();
    const { enrolmentId, enteredAt } = entered;
    await temporal.serve(activities, async () => {
      expect(await (await begin(entered)).result()).toBe('lapsed');
    });
    const { channels, offers, closedAt } = await rows(enrolmentId);
    expect(channels).toEqual(['email', 'sms']);
    expect(offers).toEqual(['expired']);
    const days = (closedAt.getTime() - enteredAt.getTime()) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(9);
    expect(days).toBeLessThanOrEqual(10);
  });

  it('handles a signal once, however often it is delivered', async () => {
    const entered = await enrolled();
    const { enrolmentId } = entered;
    await temporal.serve(activities, async () => {
      const handle = await begin(entered);
      await parkedAt(enrolmentId, 'await');
      const signal = { id: newId(), signal: { kind: 'customer-changed' } } as const;
      for (let time = 0; time < 3; time += 1) await handle.signal(journeySignals.deliver, signal);
      const wakes = async (): Promise<number> =>
        (await handle.fetchHistory()).events?.filter((event) => event.markerRecordedEventAttributes != null).length ?? 0;
      // Else the answer could arrive in the same wake.
      await waitFor(async () => (await wakes()) === 2, 20_000);
      await accept(handle, enrolmentId);
      expect(await handle.result()).toBe('saved');
      expect(await wakes()).toBe(3);
    });
  });

  it('does nothing while its campaign is paused, and goes on when resumed', async () => {
    const entered = await enrolled();
    const { enrolmentId, campaign } = entered;
    await setState(campaign, 'paused');
    await temporal.serve(activities, async () => {
      const handle = await begin(entered);
      await waitFor(async () => (await rows(enrolmentId)).state === 'paused');
      expect(await rows(enrolmentId)).toMatchObject({ offers: [], channels: [] });
      await setState(campaign, 'live');
      await handle.signal(journeySignals.resume);
      await parkedAt(enrolmentId, 'await');
      await accept(handle, enrolmentId);
      expect(await handle.result()).toBe('saved');
    });
  });

  it('closes when it is cancelled, and releases the cost of its offer', async () => {
    const entered = await enrolled();
    const { enrolmentId, campaign } = entered;
    await temporal.serve(activities, async () => {
      const handle = await begin(entered);
      await parkedAt(enrolmentId, 'await');
      await handle.signal(journeySignals.cancel);
      expect(await handle.result()).toBe('cancelled');
    });
    expect(await rows(enrolmentId)).toMatchObject({ outcome: 'cancelled', offers: ['withdrawn'] });
    const budget = await queryOne<{ reserved: number }>(em(), 'select budget_reserved as reserved from campaign where id = $1', [
      campaign.id,
    ]);
    expect(budget?.reserved).toBe(0);
  });

  it('keeps personal data out of its history', async () => {
    const entered = await enrolled();
    const { customer } = entered;
    const addresses = await query<{ address: string }>(em(), 'select address from contact_point where customer_id = $1', [customer.id]);
    await temporal.serve(activities, async () => {
      const handle = await begin(entered);
      await handle.result();
      const decoded = JSON.stringify(await handle.fetchHistory(), (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value,
      );
      for (const secret of [customer.name ?? '', customer.externalId, ...addresses.map(({ address }) => address)]) {
        expect(decoded).not.toContain(secret);
      }
    });
  });

  it('stays within its budget: at most 14 events of history, and 5 billed actions', async () => {
    const entered = await enrolled();
    const { enrolmentId } = entered;
    await temporal.serve(activities, async () => {
      const handle = await begin(entered);
      await parkedAt(enrolmentId, 'await');
      await accept(handle, enrolmentId);
      await handle.result();
      const { events, actions } = costOf((await handle.fetchHistory()).events ?? []);
      expect(events).toBeLessThanOrEqual(14);
      expect(actions).toBeLessThanOrEqual(5);
    });
  });
});

const em = () => database.orm.em.fork();

/** A customer who has just entered the project's campaign. */
const enrolled = async (): Promise<Entered> => enterShippedCampaign(em(), new Date(await temporal.env.currentTimeMs()));

function begin({ enrolmentId, campaign, customer }: Entered): Promise<WorkflowHandle<JourneyWorkflow>> {
  const ids = { enrolmentId, campaignId: campaign.id, customerId: customer.id };
  return temporal.env.client.workflow.start<JourneyWorkflow>(workflowTypes.journey, journeyStart(ids, { clock: realTime, taskQueue }));
}

/** In the same way as an inbound answer: the offer is accepted, then the journey gets the signal. */
async function accept(handle: WorkflowHandle<JourneyWorkflow>, enrolmentId: string): Promise<void> {
  await em().transactional(async (tx) => {
    const offer = await queryOne<{ id: string }>(tx, 'select id from offer where enrolment_id = $1', [enrolmentId]);
    expect(await acceptOffer(tx, offer?.id ?? '', temporal.clock.now())).toBe('accepted');
  });
  await handle.signal(journeySignals.deliver, { id: newId(), signal: { kind: 'response', answer: 'accepted', responseId: newId() } });
}

async function setState(campaign: MadeCampaign, state: 'live' | 'paused'): Promise<void> {
  await query(em(), 'update campaign set state = $2 where id = $1', [campaign.id, state]);
}

interface Rows {
  readonly state: string;
  readonly step: string | null;
  readonly outcome: string | null;
  readonly waitingUntil: Date | null;
  readonly closedAt: Date;
  readonly offers: string[];
  readonly channels: string[];
}

async function rows(enrolmentId: string): Promise<Rows> {
  const row = await queryOne<Rows>(
    em(),
    `select state, step, outcome, waiting_until as "waitingUntil", closed_at as "closedAt",
            array(select state from offer where enrolment_id = $1) as offers,
            array(select channel from message where enrolment_id = $1 order by id) as channels
     from enrolment where id = $1`,
    [enrolmentId],
  );
  if (row === undefined) throw new Error('The enrolment is gone');
  return row;
}

async function kindsOfDecision(enrolmentId: string): Promise<string[]> {
  const decisions = await query<{ kind: string }>(em(), 'select kind from decision where enrolment_id = $1 order by id', [enrolmentId]);
  return decisions.map(({ kind }) => kind);
}

const parkedAt = (enrolmentId: string, step: string): Promise<unknown> =>
  waitFor(async () => {
    const row = await rows(enrolmentId);
    return row.step === step && row.waitingUntil !== null;
  });
