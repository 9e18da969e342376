import { condition, continueAsNew, proxyLocalActivities, setHandler, setWorkflowOptions, workflowInfo } from '@temporalio/workflow';
import type { JourneyInput } from '../libs/journeys/effects.js';
import { createClock } from '../libs/platform/clock.js';
import { journeySignals, type JourneyActivities, type JourneyArguments, type Woken } from './contract.js';

/** Ids of signals that the next run remembers: more than can be delivered twice. */
const remembered = 100;

const { wake } = proxyLocalActivities<JourneyActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '10 seconds', nonRetryableErrorTypes: ['Problem'] },
});

/** It ends on the build that it began on. Its behaviour can still change, because that is in the activity. */
setWorkflowOptions({ versioningBehavior: 'PINNED' }, journey);

/**
 * The journey of one treated enrolment. It only waits: it keeps the state, the timer and the signals, and one activity for each wake does
 * everything else. Only the engine knows the content of the state, so it may change while journeys wait.
 * @returns the outcome
 */
export async function journey({ enrolmentId, clock: rate, carried }: JourneyArguments): Promise<string> {
  const clock = createClock(rate);
  const arrived: JourneyInput[] = [...(carried?.inputs ?? [{ kind: 'started' }])];
  const seen = new Set(carried?.seen);
  setHandler(journeySignals.deliver, ({ id, signal }) => {
    if (!seen.has(id)) arrived.push({ kind: 'signalled', signal });
    seen.add(id);
  });
  setHandler(journeySignals.resume, () => void arrived.push({ kind: 'resumed' }));
  setHandler(journeySignals.cancel, () => void arrived.push({ kind: 'cancelled' }));

  let woken: Woken = { state: carried?.state ?? null, until: carried?.until ?? null, outcome: null };
  for (;;) {
    await somethingArrives(woken.until);
    const inputs = arrived.length > 0 ? arrived.splice(0) : [{ kind: 'elapsed' as const }];
    woken = await wake({ enrolmentId, state: woken.state, inputs, now: clock.now().getTime() });
    if (woken.outcome !== null) return woken.outcome;
    if (woken.state !== null && workflowInfo().continueAsNewSuggested) {
      const next = { state: woken.state, until: woken.until, inputs: arrived, seen: [...seen].slice(-remembered) };
      await continueAsNew<typeof journey>({ enrolmentId, clock: rate, carried: next });
    }
  }

  /** Returns at the given instant at the latest; without one, only when something has arrived. */
  async function somethingArrives(until: number | null): Promise<void> {
    const isThere = (): boolean => arrived.length > 0;
    if (isThere()) return;
    if (until === null) await condition(isThere);
    else await condition(isThere, Math.max(1, clock.realMs(until - clock.now().getTime())));
  }
}
