import {
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import { nextState, type CampaignCommand } from '../libs/campaigns/campaign-states.js';
import type { CampaignState } from '../libs/campaigns/campaign.entity.js';
import { createClock } from '../libs/platform/clock.js';
import { campaignSignals, campaignUpdates, type CampaignActivities, type CampaignArguments, type Slice } from './contract.js';

/** Campaign milliseconds between two measurings: those who fall due in the meantime are measured together. */
const measuringPause = 15 * 60_000;
/** Real milliseconds, for a clock that runs so fast that the pause would be none. */
const shortestRest = 1000;
/** Real milliseconds until journeys that could not be reached are tried again. */
const unreachedRest = 60_000;
const nothing: Slice = { more: false, unreached: 0 };

const activities = proxyActivities<CampaignActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '15 seconds', nonRetryableErrorTypes: ['Problem'] },
});

/*
 * A campaign runs for months, and moves on with each build: no old worker has to be kept for it. So a change of this file must
 * replay what is under way (test/replay), as one with `patched` does.
 */
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, campaign);

/**
 * One campaign while it runs, in cycles: it does for those inside what a command asked, enrols who crosses its trigger, lets
 * them in through a sliding window, and measures both arms when their window ends. Each cycle does a slice of each, so that
 * none waits for another's million. With nothing left to do it rests until it is woken or somebody is due to be measured.
 */
export async function campaign({
  campaignId,
  clock: rate,
  phase: carried = 'live',
  crossings: begun = null,
}: CampaignArguments): Promise<void> {
  const clock = createClock(rate);
  let phase = carried;
  let woken = true;
  let commanded = true;
  let crossings = begun;
  let launching = false;
  let waiting = false;
  let behind = false;

  setHandler(campaignSignals.wake, () => {
    woken = true;
  });
  setHandler(campaignSignals.letIn, () => {
    waiting = true;
  });
  setHandler(
    campaignUpdates.command,
    async (given: CampaignCommand) => {
      const before = phase;
      // At once, so that the validator holds the next command against it while this one is being carried out.
      phase = phaseAfter(before, given);
      try {
        // Only the state: the answer does not wait for a million journeys to hear of it.
        await activities.changeState({ campaignId, command: given });
      } catch (error) {
        phase = before;
        throw error;
      }
      woken = commanded = true;
      return phase;
    },
    {
      validator: (given: CampaignCommand) => {
        phaseAfter(phase, given);
      },
    },
  );

  while (!workflowInfo().continueAsNewSuggested) {
    const carriedOut = await carryOut();
    const entered = await enterNext();
    const { open, nextMeasureAt, more } = await activities.measure(campaignId);
    if (hasEnded(phase) && !open) {
      await condition(allHandlersFinished);
      return;
    }
    const isBusy = more || carriedOut.more || entered.more || crossings !== null;
    if (!isBusy) await restUntil(nextMeasureAt, carriedOut.unreached + entered.unreached > 0);
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof campaign>({ campaignId, clock: rate, phase, crossings });

  async function carryOut(): Promise<Slice> {
    if (!commanded && !behind) return nothing;
    commanded = false;
    const slice = await activities.carryOut(campaignId);
    behind = slice.more || slice.unreached > 0;
    return slice;
  }

  async function enterNext(): Promise<Slice> {
    if (phase !== 'live') {
      woken = waiting = false;
      crossings = null;
      return nothing;
    }
    const looks = woken || crossings !== null;
    // A wake during a look stands: who crossed may be among those already looked at.
    if (crossings === null) woken = false;
    if (looks) crossings = await activities.enrol({ campaignId, from: crossings });
    if (!looks && !launching && !waiting) return nothing;
    waiting = false;
    const slice = await activities.launch(campaignId);
    launching = slice.more || slice.unreached > 0;
    return slice;
  }

  async function restUntil(instant: number | null, hasUnreached: boolean): Promise<void> {
    const isWoken = (): boolean => woken || waiting || commanded;
    const rests = [
      ...(instant === null ? [] : [clock.realMs(Math.max(measuringPause, instant - clock.now().getTime()))]),
      ...(hasUnreached ? [unreachedRest] : []),
    ];
    if (rests.length === 0) await condition(isWoken);
    else if (!isWoken()) await condition(isWoken, Math.max(shortestRest, Math.min(...rests)));
  }
}

/**
 * A campaign that paused automatically did so in PostgreSQL alone: here it still counts as live. So a resume is let through,
 * and the activity that carries it out refuses if there is nothing to resume.
 */
function phaseAfter(phase: CampaignState, given: CampaignCommand): CampaignState {
  return phase === 'live' && given === 'resume' ? 'live' : nextState(phase, given);
}

/** Nobody enters any more, but who is inside goes on and is still measured. */
function hasEnded(state: CampaignState): boolean {
  return state === 'cancelled' || state === 'completed';
}
