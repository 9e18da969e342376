import { wayTaken } from '../../libs/lifecycle/earlier-answers.js';
import { recordDecision } from '../../libs/offers/decisions.js';
import { compileRule } from '../../libs/segments/rule.js';
import type { AssessEffect, Assessed } from '../../libs/journeys/steps/assess.js';
import type { Performer } from './performer.js';

/** Checks the customer again, because time has passed since the enrolment, and stores the result. */
export const assess: Performer<AssessEffect, Assessed> = {
  pausable: true,
  perform: async (tx, { enrolmentId, campaignId, customerId, visit, now, begun, facts }, { step, occurrence, rule }) => {
    const earlier = begun ? await wayTaken(tx, enrolmentId, visit) : null;
    if (earlier !== null) return { kind: 'assessed', holds: earlier === 'next' };
    const holds = compileRule(rule).holds(await facts());
    await recordDecision(tx, {
      enrolmentId,
      campaignId,
      customerId,
      step,
      reference: null,
      occurrence,
      ordinal: 0,
      kind: 'assess',
      subject: null,
      candidates: [],
      reasons: [holds ? 'still-holds' : 'no-longer-holds', rule],
      until: null,
      at: now,
    });
    return { kind: 'assessed', holds };
  },
};
