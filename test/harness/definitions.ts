import type { CampaignDefinition } from '../../libs/campaigns/definition.js';
import type { JourneyGraph } from '../../libs/journeys/graph.js';
import type { TreatmentDefinition } from '../../libs/treatments/treatment.entity.js';

export const day = 86_400_000;

/** A treatment that costs 12.00 EUR and pays off for anybody with a considerable risk of churn. */
export function treatment(overrides: Partial<TreatmentDefinition> = {}): TreatmentDefinition {
  return {
    treatment: 'bill-credit-10',
    title: '12 EUR off your next bill',
    kind: 'bill-credit',
    eligible: 'customer.status == "active"',
    cost: { fixed: '12 EUR' },
    validDays: 14,
    prior: { acceptance: 0.3, uplift: 0.2 },
    ...overrides,
  };
}

/** choose -> offer -> await -> saved, declined or lapsed. */
export const testGraph: JourneyGraph = {
  first: 'choose',
  steps: {
    choose: { id: 'choose', kind: 'choose', spec: { from: ['bill-credit-10'] }, ways: { next: 'offer', nothing: 'nothing-pays' } },
    offer: {
      id: 'offer',
      kind: 'offer',
      spec: { template: 'save-offer', channel: 'preferred' },
      ways: { next: 'await', blocked: 'unreachable' },
    },
    await: {
      id: 'await',
      kind: 'await',
      spec: { answerWithinMs: 4 * day },
      ways: { accepted: 'saved', declined: 'declined', silence: 'lapsed' },
    },
    saved: { id: 'saved', kind: 'exit', spec: { outcome: 'saved' }, ways: {} },
    declined: { id: 'declined', kind: 'exit', spec: { outcome: 'declined' }, ways: {} },
    lapsed: { id: 'lapsed', kind: 'exit', spec: { outcome: 'lapsed' }, ways: {} },
    'nothing-pays': { id: 'nothing-pays', kind: 'exit', spec: { outcome: 'nothing-pays' }, ways: {} },
    unreachable: { id: 'unreachable', kind: 'exit', spec: { outcome: 'unreachable' }, ways: {} },
  },
};

/** A campaign that enrols customers at risk, holds nobody out and measures after 30 days. */
export function definition(overrides: Partial<CampaignDefinition> = {}): CampaignDefinition {
  return {
    campaign: 'save-at-risk',
    title: 'Save at risk',
    goal: 'customer.status == "renewed"',
    audience: 'customer.tenure >= 3',
    trigger: { kind: 'score', score: 'churn', risesAbove: 0.6, fallsBelow: 0.5 },
    holdout: 0,
    budget: { minor: 2_000_000, currency: 'EUR' },
    windowMs: 30 * day,
    priority: 0,
    journey: testGraph,
    ...overrides,
  };
}
