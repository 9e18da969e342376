import type { MikroORM } from '@mikro-orm/postgresql';
import { VersionDefinitions } from '../libs/campaigns/versions.js';
import { isEngineEffect, type JourneyInput } from '../libs/journeys/effects.js';
import { initialState } from '../libs/journeys/engine.js';
import { isKnown, signalId } from '../libs/journeys/inbox.js';
import type { JourneySignal } from '../libs/journeys/journey-signal.js';
import { wakeJourney } from '../libs/journeys/wake.js';
import type { PolicyTables } from '../libs/messaging/contact-policy/policy-tables.js';
import type { DispatchHints } from '../libs/messaging/dispatch/hints.js';
import type { Clock } from '../libs/platform/clock.js';
import type { JourneyActivities, WakeCall, Woken } from '../workflows/contract.js';
import { createPerformers } from './effects/table.js';
import { WakeInTransactions, type WakeTools } from './wake.js';

export interface JourneyContext {
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly hints: DispatchHints;
  /** The contact policy that is in force now, for the channels that are set up. */
  readonly policy: () => PolicyTables;
}

export function createJourneyActivities({ orm, clock, hints, policy }: JourneyContext): JourneyActivities {
  const performers = createPerformers({ hints, policy });
  const tools: WakeTools = { orm, clock, performers, definitions: new VersionDefinitions() };
  return {
    wake: async (call) => {
      const wake = new WakeInTransactions(tools, call.enrolmentId);
      try {
        const woken = await hearAll(wake, call);
        await wake.commit();
        return woken;
      } catch (error) {
        await wake.rollback();
        throw error;
      }
    },
  };
}

/** An answer that is committed, and that the journey was about to end without. */
class AnswerOnItsWay extends Error {
  constructor(readonly answers: readonly JourneyInput[]) {
    super('An answer is on its way');
  }
}

/** Takes the journey further. Where it would end without an answer that has come, the answer is heard first. */
async function hearAll(wake: WakeInTransactions, call: WakeCall): Promise<Woken> {
  try {
    return await goOn(wake, call);
  } catch (error) {
    if (!(error instanceof AnswerOnItsWay)) throw error;
    await wake.rollback();
    return hearAll(wake, { ...call, inputs: [...error.answers, ...call.inputs] });
  }
}

async function goOn(wake: WakeInTransactions, { state, inputs, now }: WakeCall): Promise<Woken> {
  const { enrolment, definition } = await wake.open();
  // Ended by this wake in an attempt before, or while the journey had yet to begin or to hear of it.
  if (enrolment.outcome !== null) return { state, until: null, outcome: enrolment.outcome };
  const from = state ?? initialState(definition.journey, enrolment.enteredAt.getTime(), enrolment.measureAt.getTime());
  const arrived = new Set(inputs.flatMap((input) => (input.kind === 'signalled' ? (signalId(input.signal) ?? []) : [])));
  const isHeard = (signal: JourneySignal): boolean => isKnown(from.inbox, signal) || arrived.has(signalId(signal) ?? '');
  const next = await wakeJourney(definition.journey, from, inputs, now, async (call) => {
    if (isEngineEffect(call.effect) && call.effect.kind === 'close') {
      const unheard = (await wake.answers()).filter((signal) => !isHeard(signal));
      if (unheard.length > 0) throw new AnswerOnItsWay(unheard.map((signal) => ({ kind: 'signalled', signal })));
    }
    return wake.perform(call);
  });
  const hasEnded = next.outcome !== null && next.outstanding === null;
  return { state: next, until: next.waitingUntil, outcome: hasEnded ? next.outcome : null };
}
