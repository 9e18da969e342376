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

/** Campaign milliseconds between two measurements: enrolments that become due in the meantime are measured together. */
const measuringPause = 15 * 60_000;
/** Real milliseconds, for a clock so fast that there would be no pause. */
const shortestRest = 1000;
/** Real milliseconds until journeys that could not be reached are signalled again. */
const unreachedRest = 60_000;
const nothing: Slice = { more: false, unreached: 0 };

const activities = proxyActivities<CampaignActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '15 seconds', nonRetryableErrorTypes: ['Problem'] },
});

/*
 * A campaign runs for months, and moves to each new build, so that no old worker has to be kept for it. So a change of this file must
 * replay running campaigns (test/replay), for example with `patched`.
 */
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, campaign);

/**
 * A running campaign, in cycles: it applies a command to the enrolments inside, enrols customers who cross its trigger, admits them through
 * a sliding window, and measures both arms when their window ends. Each cycle does a slice of each, so that no task waits for a million
 * others. With nothing left to do it waits until it is woken or a measurement is due.
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
      // At once, so that the validator checks the next command against it while this one is being carried out.
      phase = phaseAfter(before, given);
      try {
        // Only the state: the answer does not wait until a million journeys are signalled.
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
    // A wake during a check is kept: the customer who crossed may be among those already checked.
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
 * A campaign that paused automatically did so only in PostgreSQL: here it still counts as live. So a resume is accepted here, and its
 * activity refuses it if there is nothing to resume.
 */
function phaseAfter(phase: CampaignState, given: CampaignCommand): CampaignState {
  return phase === 'live' && given === 'resume' ? 'live' : nextState(phase, given);
}

/** Nobody enters any more, but customers inside continue and are still measured. */
function hasEnded(state: CampaignState): boolean {
  return state === 'cancelled' || state === 'completed';
}
