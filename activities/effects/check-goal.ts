import { hasGoneOn } from '../../libs/lifecycle/earlier-answers.js';
import { loadFacts } from '../../libs/segments/load-facts.js';
import { compileRule } from '../../libs/segments/rule.js';
import type { EngineEffectOf, Performer } from './performer.js';

/** Has the campaign reached its goal with this customer, or lost them? */
export const checkGoal: Performer<EngineEffectOf<'check-goal'>> = {
  pausable: false,
  perform: async (tx, { enrolmentId, customerId, definition: { goal }, way, now }, effect) => {
    // The journey went on after this was asked before: the answer was no.
    if (await hasGoneOn(tx, enrolmentId, { ...effect, way })) return { kind: 'goal-checked', reached: false, churned: false };
    const facts = await loadFacts(tx, customerId, now);
    return {
      kind: 'goal-checked',
      reached: goal !== null && compileRule(goal).holds(facts),
      churned: facts.customer['status'] === 'churned',
    };
  },
};
