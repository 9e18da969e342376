import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

export const campaignStates = ['draft', 'live', 'paused', 'cancelled', 'completed'] as const;
export type CampaignState = (typeof campaignStates)[number];

/** A campaign, whatever its version. Its journeys and rules stand in its versions. */
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
    /** Of several campaigns that want the same customer, the one with the greater number goes first. */
    priority: p.integer().default(0),
    /** Why it paused automatically; null where a person paused it, or nobody did. */
    pauseReason: p.text().nullable(),
    /** When it was last resumed: its bounces and complaints count from there. */
    /** It paused because of a template: a resume takes the newest. */
    repinOnResume: p.boolean().default(false),
    resumedAt: p.datetime().nullable(),
    /** The version that enrols; of a draft, the one that a launch would let enrol. Title, priority and budget are its. */
    version: p.integer(),
    /** Minor units of `currency` that its offers may cost in all. */
    budgetCap: p.bigint('number'),
    /** Reserved by offers that are open plus spent by offers that were accepted. Never above the cap. */
    budgetReserved: p.bigint('number').default(0),
    /** Of the reserved, what accepted offers have spent. */
    budgetSpent: p.bigint('number').default(0),
    currency: p.character().length(3),
    launchedAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    /** When everybody inside was last asked for the goal (campaign time). */
    goalsAskedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
  },
});
export type Campaign = InferEntity<typeof Campaign>;
