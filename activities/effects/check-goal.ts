import { hasGoneOn } from '../../libs/lifecycle/earlier-answers.js';
import { compileRule } from '../../libs/segments/rule.js';
import type { EngineEffectOf, Performer } from './performer.js';

/** Checks whether the campaign has reached its goal with this customer, or the customer has churned. */
export const checkGoal: Performer<EngineEffectOf<'check-goal'>> = {
  pausable: false,
  perform: async (tx, { enrolmentId, definition: { goal }, way, begun, facts }, effect) => {
    // The journey has continued after this check before, so the result was no.
    if (begun && (await hasGoneOn(tx, enrolmentId, { ...effect, way }))) return { kind: 'goal-checked', reached: false, churned: false };
    const known = await facts();
    return {
      kind: 'goal-checked',
      reached: goal !== null && compileRule(goal).holds(known),
      churned: known.customer['status'] === 'churned',
    };
  },
};
