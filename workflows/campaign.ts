import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { CampaignActivities } from '../activities/campaign.js';
import type { CampaignState } from '../libs/campaigns/campaign.entity.js';
import { nextState, type CampaignCommand } from '../libs/campaigns/campaign-states.js';
import { createClock, type ClockRate } from '../libs/platform/clock.js';

export interface CampaignArguments {
  readonly campaignId: string;
  readonly clock: ClockRate;
  /** Carried from run to run. */
  readonly phase?: CampaignState;
}

/** A marketer's command. Rejected before it touches anything where the campaign's phase does not allow it. */
export const command = defineUpdate<CampaignState, [CampaignCommand]>('command');
/** Scores or customers changed: somebody may have crossed a threshold. */
export const wake = defineSignal('wake');

/** Campaign milliseconds between two measurings: those who fall due in the meantime are measured together. */
const measuringPause = 15 * 60_000;
/** Real milliseconds, for a clock that runs so fast that the pause would be none. */
const shortestRest = 1000;

const activities = proxyActivities<CampaignActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '15 seconds', nonRetryableErrorTypes: ['Problem'] },
});

/**
 * One campaign while it runs: enrols who crosses its trigger, lets them in through a sliding window, measures both arms
 * when their window ends, and obeys commands. It sleeps until it is woken or somebody is due to be measured.
 */
export async function campaign({ campaignId, clock: rate, phase: carried = 'live' }: CampaignArguments): Promise<void> {
  const clock = createClock(rate);
  let phase = carried;
  let woken = true;

  setHandler(wake, () => {
    woken = true;
  });
  setHandler(
    command,
    async (given: CampaignCommand) => {
      const before = phase;
      // At once, so that the validator holds the next command against it while this one is being carried out.
      phase = phaseAfter(before, given);
      try {
        await activities.obey({ campaignId, command: given });
      } catch (error) {
        phase = before;
        throw error;
      }
      woken = true;
      return phase;
    },
    {
      validator: (given: CampaignCommand) => {
        phaseAfter(phase, given);
      },
    },
  );

  while (!workflowInfo().continueAsNewSuggested) {
    const mayEnter = woken && phase === 'live';
    woken = false;
    if (mayEnter) {
      await activities.enrol(campaignId);
      await activities.launch(campaignId);
    }
    const { open, nextMeasureAt } = await activities.measure(campaignId);
    if (hasEnded(phase) && open === 0) {
      await condition(allHandlersFinished);
      return;
    }
    await restUntil(nextMeasureAt);
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof campaign>({ campaignId, clock: rate, phase });

  async function restUntil(instant: number | null): Promise<void> {
    const isWoken = (): boolean => woken;
    if (instant === null) await condition(isWoken);
    else if (!woken)
      await condition(isWoken, Math.max(shortestRest, clock.realMs(Math.max(measuringPause, instant - clock.now().getTime()))));
  }
}

/**
 * A campaign that paused by itself did so in PostgreSQL alone: here it still counts as live. So a resume is let through,
 * and the activity that carries it out refuses where there is nothing to resume.
 */
function phaseAfter(phase: CampaignState, given: CampaignCommand): CampaignState {
  return phase === 'live' && given === 'resume' ? 'live' : nextState(phase, given);
}

/** Nobody enters any more, but who is inside goes on and is still measured. */
function hasEnded(state: CampaignState): boolean {
  return state === 'cancelled' || state === 'completed';
}
