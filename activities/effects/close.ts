import { closeEnrolment } from '../../libs/lifecycle/enrolments.js';
import { outcomes, type Outcome } from '../../libs/journeys/outcome.js';
import { Problem } from '../../libs/platform/problem.js';
import type { EngineEffectOf, Performer } from './performer.js';

/** Ends the enrolment: its outcome is written, what its offers still hold is given back, unsent messages are withdrawn. */
export const close: Performer<EngineEffectOf<'close'>> = {
  holdable: false,
  perform: async (tx, { enrolmentId }, { outcome }, now) => {
    if (!isOutcome(outcome)) throw new Problem('invalid', `There is no outcome ${outcome}`);
    await closeEnrolment(tx, enrolmentId, outcome, now);
    return { kind: 'closed' };
  },
};

function isOutcome(value: string): value is Outcome {
  return (outcomes as readonly string[]).includes(value);
}
