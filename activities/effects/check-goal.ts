import { versionOf } from '../../libs/campaigns/versions.js';
import { loadFacts } from '../../libs/segments/load-facts.js';
import { compileRule } from '../../libs/segments/rule.js';
import type { EngineEffectOf, Performer } from './performer.js';

/** Has the campaign reached its goal with this customer, or lost them? */
export const checkGoal: Performer<EngineEffectOf<'check-goal'>> = {
  holdable: false,
  perform: async (tx, { enrolmentId, customerId }, _effect, now) => {
    const facts = await loadFacts(tx, customerId, now);
    const { goal } = (await versionOf(tx, enrolmentId)).definition;
    return { kind: 'goal-checked', reached: goal !== null && compileRule(goal).holds(facts), left: facts.customer['status'] === 'left' };
  },
};
