import { hasGoneOn } from '../../libs/lifecycle/earlier-answers.js';
import { compileRule } from '../../libs/segments/rule.js';
import type { EngineEffectOf, Performer } from './performer.js';

/** Has the campaign reached its goal with this customer, or lost them? */
export const checkGoal: Performer<EngineEffectOf<'check-goal'>> = {
  pausable: false,
  perform: async (tx, { enrolmentId, definition: { goal }, begun, facts }, effect) => {
    // The journey went on after this was asked before: the answer was no.
    if (begun && (await hasGoneOn(tx, enrolmentId, effect))) return { kind: 'goal-checked', reached: false, churned: false };
    const known = await facts();
    return {
      kind: 'goal-checked',
      reached: goal !== null && compileRule(goal).holds(known),
      churned: known.customer['status'] === 'churned',
    };
  },
};
