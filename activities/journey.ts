import type { MikroORM } from '@mikro-orm/postgresql';
import { VersionDefinitions } from '../libs/campaigns/versions.js';
import type { JourneyEffect, JourneyInput } from '../libs/journeys/effects.js';
import { initialState } from '../libs/journeys/engine.js';
import { signalId } from '../libs/journeys/inbox.js';
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
  /** The present contact policy, for the channels that are set up. */
  readonly policy: () => PolicyTables;
}

export function createJourneyActivities({ orm, clock, hints, policy }: JourneyContext): JourneyActivities {
  const performers = createPerformers({ hints, policy });
  const tools: WakeTools = { orm, clock, performers, definitions: new VersionDefinitions() };
  return {
    wake: async (call) => {
      const wake = new WakeInTransactions(tools, call.enrolmentId);
      try {
        const woken = await goOn(wake, call);
        await wake.commit();
        return woken;
      } catch (error) {
        await wake.rollback();
        throw error;
      }
    },
  };
}

/**
 * Advances the journey. An answer that has arrived is handled before the next effect, whether or not its signal was delivered, so no
 * journey ends without it.
 */
async function goOn(wake: WakeInTransactions, { state, inputs, now }: WakeCall): Promise<Woken> {
  const { enrolment, definition } = await wake.open();
  // Ended by this wake in an earlier attempt, or before the journey began or was notified.
  if (enrolment.outcome !== null) return { state, until: null, outcome: enrolment.outcome };
  const from = state ?? initialState(definition.journey, enrolment.enteredAt.getTime(), enrolment.measureAt.getTime());
  const known = new Set([
    ...from.inbox.seen,
    ...inputs.flatMap((input) => (input.kind === 'signalled' ? (signalId(input.signal) ?? []) : [])),
  ]);
  const arrivals = async ({ kind }: JourneyEffect): Promise<JourneyInput[]> => {
    // A journey that has just begun has sent nothing yet. It is enough to check before it ends.
    if (state === null && kind !== 'close') return [];
    const newAnswers = (await wake.answers()).filter((signal) => !known.has(signalId(signal) ?? ''));
    for (const signal of newAnswers) known.add(signalId(signal) ?? '');
    return newAnswers.map((signal) => ({ kind: 'signalled', signal }));
  };
  const next = await wakeJourney(definition.journey, from, inputs, now, (call) => wake.perform(call), arrivals);
  const hasEnded = next.outcome !== null && next.outstanding === null;
  return { state: next, until: next.waitingUntil, outcome: hasEnded ? next.outcome : null };
}
