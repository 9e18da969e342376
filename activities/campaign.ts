import type { MikroORM } from '@mikro-orm/postgresql';
import { Context, heartbeat } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError, type WorkflowClient } from '@temporalio/client';
import { commandsIn, type CampaignCommand } from '../libs/campaigns/campaign-states.js';
import { changeState, findCampaign } from '../libs/campaigns/campaigns.js';
import { enrolCrossings } from '../libs/campaigns/enrol.js';
import { heldEnrolments, openEnrolments, releaseHold } from '../libs/campaigns/enrolments.js';
import { measureDue, takeWindow } from '../libs/campaigns/launcher.js';
import type { Clock, ClockRate } from '../libs/platform/clock.js';
import { inParallel } from '../libs/platform/in-parallel.js';
import { journeyId } from './journey-id.js';

/** How many calls to Temporal are under way at once. */
const breadth = 32;
const batch = 500;
/** Real milliseconds between two looks at a window that is full. */
const patience = 100;

export interface CampaignActivities {
  /** Enrols everyone who crossed the trigger since the last look. */
  enrol(campaignId: string): Promise<number>;
  /** Lets all pending enrolments in, no more at once than the launch window. Returns when none is left or the campaign was paused. */
  launch(campaignId: string): Promise<number>;
  /** Measures every enrolment whose window has ended; says when the next one is due (campaign ms) and how many are open. */
  measure(campaignId: string): Promise<{ open: number; nextMeasureAt: number | null }>;
  /** Does what a command says to the campaign and to the journeys inside it. */
  obey(call: { campaignId: string; command: CampaignCommand }): Promise<void>;
}

export interface CampaignContext {
  readonly orm: MikroORM;
  readonly workflows: WorkflowClient;
  readonly clock: Clock;
  readonly rate: ClockRate;
  readonly taskQueue: string;
  /** Journeys that may be starting at once. */
  readonly launchWindow: number;
}

export function createCampaignActivities({ orm, workflows, clock, rate, taskQueue, launchWindow }: CampaignContext): CampaignActivities {
  const after: Readonly<Partial<Record<CampaignCommand, (campaignId: string) => Promise<void>>>> = {
    resume: resumeHeld,
    cancel: cancelOpen,
  };

  return {
    enrol: async (campaignId) => (await enrolCrossings(orm.em.fork(), campaignId, clock.now())).enrolled,

    launch: async (campaignId) => {
      const started = new Set<string>();
      for (;;) {
        const { toStart, pendingLeft } = await takeWindow(orm.em.fork(), campaignId, launchWindow, clock.now());
        if (toStart.length === 0) return started.size;
        const fresh = toStart.filter((id) => !started.has(id));
        await inParallel(fresh, breadth, startJourney);
        for (const id of fresh) started.add(id);
        heartbeat({ started: started.size, pendingLeft });
        await Context.current().sleep(patience);
      }
    },

    measure: async (campaignId) => {
      const { open, nextMeasureAt } = await measureDue(orm.em.fork(), campaignId, clock.now());
      return { open, nextMeasureAt: nextMeasureAt?.getTime() ?? null };
    },

    obey: async ({ campaignId, command }) => {
      await orm.em.fork().transactional(async (tx) => {
        const { state } = await findCampaign(tx, campaignId);
        // An earlier attempt may have got this far: the workflow let the command through from another state.
        if (commandsIn(state).includes(command)) await changeState(tx, campaignId, command, clock.now());
      });
      await after[command]?.(campaignId);
    },
  };

  /** Starting is idempotent by the enrolment's id: a journey that runs, or has run, is left alone. */
  async function startJourney(enrolmentId: string): Promise<void> {
    try {
      await workflows.start('journey', {
        workflowId: journeyId(enrolmentId),
        taskQueue,
        args: [{ enrolmentId, clock: rate }],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  async function resumeHeld(campaignId: string): Promise<void> {
    for (;;) {
      const held = await heldEnrolments(orm.em.fork(), campaignId, batch);
      if (held.length === 0) return;
      await inParallel(held, breadth, (id) => workflows.getHandle(journeyId(id)).signal('resume'));
      await orm.em.fork().transactional((tx) => releaseHold(tx, held));
      heartbeat({ resumed: held.length });
    }
  }

  async function cancelOpen(campaignId: string): Promise<void> {
    const open = await openEnrolments(orm.em.fork(), campaignId);
    await inParallel(open, breadth, (id) => workflows.getHandle(journeyId(id)).signal('cancel'));
  }
}
