import { wayTaken } from '../../libs/lifecycle/earlier-answers.js';
import { loadFacts } from '../../libs/segments/load-facts.js';
import { compileRule } from '../../libs/segments/rule.js';
import type { BranchEffect, Branched } from '../../libs/journeys/steps/branch.js';
import type { Performer } from './performer.js';

/** Takes the first way whose rule holds for the customer as they are now, else `otherwise`. */
export const branch: Performer<BranchEffect, Branched> = {
  pausable: true,
  perform: async (tx, { enrolmentId, customerId, visit, now }, { rules }) => {
    const earlier = await wayTaken(tx, enrolmentId, visit);
    if (earlier !== null) return { kind: 'branched', label: earlier };
    const facts = await loadFacts(tx, customerId, now);
    const label = rules.find(({ rule }) => compileRule(rule).holds(facts))?.label ?? 'otherwise';
    return { kind: 'branched', label };
  },
};
