import { outcomes, type Outcome } from '../../libs/journeys/outcome.js';
import { closeEnrolments } from '../../libs/lifecycle/enrolments.js';
import { Problem } from '../../libs/platform/problem.js';
import type { EngineEffectOf, Performer } from './performer.js';

/** Ends the enrolment: stores its outcome, releases the cost of open offers, and withdraws unsent messages. */
export const close: Performer<EngineEffectOf<'close'>> = {
  pausable: false,
  perform: async (tx, { enrolmentId, now }, { outcome }) => {
    if (!isOutcome(outcome)) throw new Problem('invalid', `There is no outcome ${outcome}`);
    await closeEnrolments(tx, [enrolmentId], outcome, now);
    return { kind: 'closed' };
  },
};

function isOutcome(value: string): value is Outcome {
  return (outcomes as readonly string[]).includes(value);
}
