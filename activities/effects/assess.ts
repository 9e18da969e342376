import { loadFacts } from '../../libs/segments/load-facts.js';
import { compileRule } from '../../libs/segments/rule.js';
import { recordDecision } from '../../libs/offers/decisions.js';
import type { AssessEffect, Assessed } from '../../libs/journeys/steps/assess.js';
import type { Performer } from './performer.js';

/** Looks at the customer again, because time passed since they were enrolled, and writes down what was found. */
export const assess: Performer<AssessEffect, Assessed> = {
  holdable: true,
  perform: async (tx, traveller, { step, occurrence, rule }, now) => {
    const facts = await loadFacts(tx, traveller.customerId, now);
    const holds = compileRule(rule).holds(facts);
    const reasons = [holds ? 'still-holds' : 'no-longer-holds', rule];
    await recordDecision(tx, {
      ...traveller,
      step,
      occurrence,
      ordinal: 0,
      kind: 'assess',
      subject: null,
      candidates: [],
      reasons,
      until: null,
      at: now,
    });
    return { kind: 'assessed', holds };
  },
};
