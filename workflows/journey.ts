import { condition, defineSignal, proxyLocalActivities, setHandler } from '@temporalio/workflow';
import type { EffectKind, JourneyActivities } from '../activities/journey.js';
import { isEngineEffect, type JourneyInput, type Visit } from '../libs/journeys/effects.js';
import { advance, initialState } from '../libs/journeys/engine.js';
import type { JourneySignal } from '../libs/journeys/journey-signal.js';
import { createClock, type ClockRate } from '../libs/platform/clock.js';

export interface JourneyArguments {
  readonly enrolmentId: string;
  readonly clock: ClockRate;
}

/** Something happened to the customer or a message. Told again after a crash, so the id is what makes it one happening. */
export const tell = defineSignal<[{ readonly id: string; readonly signal: JourneySignal }]>('tell');
export const resume = defineSignal('resume');
export const cancel = defineSignal('cancel');

const activities = proxyLocalActivities<JourneyActivities>({
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '10 seconds', nonRetryableErrorTypes: ['Problem'] },
});

/**
 * The journey of one treated enrolment: a durable shell around the pure engine. It holds where the journey stands and the
 * time it waits for; everything it does is an effect, and PostgreSQL keeps what came of it.
 * @returns the outcome
 */
export async function journey({ enrolmentId, clock: rate }: JourneyArguments): Promise<string> {
  const clock = createClock(rate);
  const inbox: JourneyInput[] = [];
  const told = new Set<string>();
  setHandler(tell, ({ id, signal }) => {
    if (!told.has(id)) inbox.push({ kind: 'signalled', signal });
    told.add(id);
  });
  setHandler(resume, () => void inbox.push({ kind: 'resumed' }));
  setHandler(cancel, () => void inbox.push({ kind: 'cancelled' }));

  const opening = await activities.open(enrolmentId);
  if (opening === null) return 'cancelled';
  const { graph, enteredAt, windowEndsAt } = opening;
  let state = initialState(graph, enteredAt, windowEndsAt);
  let visits: readonly Visit[] = [];
  let input: JourneyInput = { kind: 'started' };
  for (;;) {
    const step = advance(graph, state, input, clock.now().getTime());
    state = step.state;
    visits = [...visits, ...step.visits];
    const [effect] = step.effects;
    if (effect !== undefined) {
      const result = await activities[effect.kind as EffectKind]({ enrolmentId, effect, visits });
      if (isEngineEffect(effect) && effect.kind === 'close') return effect.outcome;
      visits = [];
      // Behind whatever was told in the meantime: an answer that is there already goes before the step's result.
      inbox.push({ kind: 'performed', result });
    }
    input = await nextInput(state.waitingUntil);
  }

  async function nextInput(until: number | null): Promise<JourneyInput> {
    const arrived = (): boolean => inbox.length > 0;
    if (until === null) await condition(arrived);
    else if (inbox.length === 0) await condition(arrived, Math.max(1, clock.realMs(until - clock.now().getTime())));
    return inbox.shift() ?? { kind: 'elapsed' };
  }
}
