import type { MikroORM } from '@mikro-orm/postgresql';
import { log, sleep } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type WorkflowClient } from '@temporalio/client';
import pMap from 'p-map';
import { commandsIn } from '../libs/campaigns/campaign-states.js';
import { findCampaign } from '../libs/campaigns/campaigns.js';
import { changeState } from '../libs/lifecycle/change-state.js';
import { carryOutPage, type JourneyCommand, type SignalResult } from '../libs/lifecycle/carry-out.js';
import { enrolCrossingsPage, type CrossingsPlace } from '../libs/campaigns/enrol.js';
import { takeWindow, type Starting } from '../libs/campaigns/launcher.js';
import { measureDue } from '../libs/lifecycle/measure-due.js';
import { closeEnrolment } from '../libs/lifecycle/enrolments.js';
import type { Clock, ClockRate } from '../libs/platform/clock.js';
import { messageOf } from '../libs/platform/message-of.js';
import { journeyId, journeySignals, workflowTypes, type CampaignActivities, type JourneyWorkflow } from '../workflows/contract.js';
import { journeyStart } from '../workflows/starts.js';
import { workInSlices } from './slices.js';

/** The most calls to Temporal at once. */
const breadth = 32;
/** The most that one transaction handles: journeys to signal, scores to check, enrolments to measure. */
const pages = { signalled: 100, looked: 5_000, measured: 2_000 };
/** Real milliseconds between two checks of a full window. */
const pauseBetweenLooksMs = 100;

export interface CampaignContext {
  readonly orm: MikroORM;
  readonly workflows: WorkflowClient;
  readonly clock: Clock;
  readonly rate: ClockRate;
  readonly taskQueue: string;
  /** The most journeys that may be starting at once. */
  readonly launchWindow: number;
}

export function createCampaignActivities({ orm, workflows, clock, rate, taskQueue, launchWindow }: CampaignContext): CampaignActivities {
  return {
    changeState: ({ campaignId, command }) =>
      orm.em.fork().transactional(async (tx) => {
        const { state } = await findCampaign(tx, campaignId);
        // An earlier attempt may have done this already: the workflow accepted the command from another state.
        if (commandsIn(state).includes(command)) await changeState(tx, campaignId, command, clock.now());
      }),

    carryOut: async (campaignId) => {
      let unreached = 0;
      const place = await workInSlices<{ after: string | null }>({ after: null }, async ({ after }) => {
        const call = { after, limit: pages.signalled, now: clock.now() };
        const page = await carryOutPage(orm.em.fork(), campaignId, call, signalJourney);
        unreached += page.unreached;
        return page.next === null ? null : { after: page.next };
      });
      return { more: place !== null, unreached };
    },

    enrol: async ({ campaignId, from }) => {
      const place = await workInSlices<{ from: CrossingsPlace | null }>({ from }, async ({ from: at }) => {
        const { next } = await enrolCrossingsPage(orm.em.fork(), campaignId, { from: at, limit: pages.looked, now: clock.now() });
        return next === null ? null : { from: next };
      });
      return place?.from ?? null;
    },

    launch: async (campaignId) => {
      const tried = new Map<string, boolean>();
      const place = await workInSlices('window', async () => {
        const { toStart } = await takeWindow(orm.em.fork(), campaignId, launchWindow, clock.now());
        await pMap(
          toStart.filter(({ id }) => !tried.has(id)),
          async (starting) => tried.set(starting.id, await startJourney(campaignId, starting)),
          { concurrency: breadth },
        );
        if (toStart.every(({ id }) => tried.get(id) === false)) return null;
        await sleep(pauseBetweenLooksMs);
        return 'window';
      });
      return { more: place !== null, unreached: [...tried.values()].filter((started) => !started).length };
    },

    measure: async (campaignId) => {
      let last = { open: true, nextMeasureAt: null as number | null };
      const place = await workInSlices('due', async () => {
        const { measured, open, nextMeasureAt } = await measureDue(orm.em.fork(), campaignId, clock.now(), pages.measured);
        last = { open, nextMeasureAt: nextMeasureAt?.getTime() ?? null };
        return measured < pages.measured ? null : 'due';
      });
      return { ...last, more: place !== null };
    },
  };

  /**
   * Starting is idempotent by the enrolment's id: a running journey is not changed. An ended journey takes no further step, for example
   * after a person terminated it: then its enrolment ends too, if the journey did not end it.
   * @returns whether it was handled; false if the journey could not be started
   */
  async function startJourney(campaignId: string, { id: enrolmentId, customerId }: Starting): Promise<boolean> {
    try {
      const options = journeyStart({ enrolmentId, campaignId, customerId }, { clock: rate, taskQueue });
      await workflows.start<JourneyWorkflow>(workflowTypes.journey, options);
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return endAfterJourney(enrolmentId);
      log.warn('a journey could not be started; it is tried again', { enrolmentId, error: messageOf(error) });
      return false;
    }
  }

  async function endAfterJourney(enrolmentId: string): Promise<true> {
    log.warn('a journey has ended before its first step', { enrolmentId });
    await orm.em.fork().transactional((tx) => closeEnrolment(tx, enrolmentId, 'cancelled', clock.now()));
    return true;
  }

  async function signalJourney(enrolmentId: string, command: JourneyCommand): Promise<SignalResult> {
    try {
      await workflows.getHandle(journeyId(enrolmentId)).signal(journeySignals[command]);
      return 'signalled';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'absent';
      log.warn('a journey could not be signalled; it is tried again', { enrolmentId, command, error: messageOf(error) });
      return 'failed';
    }
  }
}
