import { wayTaken } from '../../libs/lifecycle/earlier-answers.js';
import { compileRule } from '../../libs/segments/rule.js';
import type { BranchEffect, Branched } from '../../libs/journeys/steps/branch.js';
import type { Performer } from './performer.js';

/** Takes the first way whose rule holds for the customer now, otherwise `otherwise`. */
export const branch: Performer<BranchEffect, Branched> = {
  pausable: true,
  perform: async (tx, { enrolmentId, visit, begun, facts }, { rules }) => {
    const earlier = begun ? await wayTaken(tx, enrolmentId, visit) : null;
    if (earlier !== null) return { kind: 'branched', label: earlier };
    const known = await facts();
    const label = rules.find(({ rule }) => compileRule(rule).holds(known))?.label ?? 'otherwise';
    return { kind: 'branched', label };
  },
};
