import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

export const campaignStates = ['draft', 'live', 'paused', 'cancelled', 'completed'] as const;
export type CampaignState = (typeof campaignStates)[number];

/** A campaign, independent of its versions, which hold the journeys and rules. */
export const Campaign = defineEntity({
  name: 'Campaign',
  tableName: 'campaign',
  checks: [
    {
      name: 'campaign_budget_check',
      expression: 'budget_spent >= 0 and budget_spent <= budget_reserved and budget_reserved <= budget_cap',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** The name in its definition, as in `save-at-risk`. */
    key: p.text().unique(),
    title: p.text(),
    state: p.enum(campaignStates),
    /** If several campaigns want to write to the same customer, the higher number goes first. */
    priority: p.integer().default(0),
    /** Why it paused automatically; null if a person paused it, or nobody did. */
    pauseReason: p.text().nullable(),
    /** When it was last resumed: bounces and complaints are counted from then on. */
    /** It paused because of a template, so a resume uses the newest templates. */
    repinOnResume: p.boolean().default(false),
    resumedAt: p.datetime().nullable(),
    /** The version that enrols; for a draft, the version that a launch would use. Title, priority and budget come from it. */
    version: p.integer(),
    /** Minor units of `currency` that its offers may cost in total. */
    budgetCap: p.bigint('number'),
    /** Reserved by open offers plus spent by accepted offers. Never above the cap. */
    budgetReserved: p.bigint('number').default(0),
    /** The part of the reserved amount that accepted offers have spent. */
    budgetSpent: p.bigint('number').default(0),
    currency: p.character().length(3),
    launchedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    /** When the goal was last checked for everybody inside (campaign time). */
    goalsAskedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
  },
});
export type Campaign = InferEntity<typeof Campaign>;
