import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Customer } from '../customers/customer.entity.js';
import type { Outcome } from '../journeys/outcome.js';
import { Campaign } from './campaign.entity.js';
import { CampaignVersion } from './campaign-version.entity.js';

export const arms = ['treated', 'holdout'] as const;
export type Arm = (typeof arms)[number];

/**
 * `pending`: waits for the launcher. `entered`: inside, its journey (or, held out, its observation) runs.
 * `paused`: inside, and waits at a step because the campaign is paused. `closed`: has an outcome.
 */
export const enrolmentStates = ['pending', 'entered', 'paused', 'closed'] as const;
export type EnrolmentState = (typeof enrolmentStates)[number];

/** One customer's entry into one campaign version. */
export const Enrolment = defineEntity({
  name: 'Enrolment',
  tableName: 'enrolment',
  indexes: [
    { properties: ['campaign', 'state'] },
    { properties: ['campaign', 'outcome'] },
    { properties: ['customer'] },
    {
      name: 'enrolment_open_unique',
      expression: (columns, table, name) =>
        `create unique index ${name} on ${table.toString()} ("campaign_id", "customer_id") where state <> 'closed'`,
    },
    {
      name: 'enrolment_to_measure',
      expression: (columns, table, name) =>
        `create index ${name} on ${table.toString()} ("campaign_id", "measure_at") where measured_at is null`,
    },
    {
      name: 'enrolment_pending',
      expression: (columns, table, name) =>
        `create index ${name} on ${table.toString()} ("campaign_id", "created_at", "id") where state = 'pending'`,
    },
    {
      name: 'enrolment_starting',
      expression: (columns, table, name) =>
        `create index ${name} on ${table.toString()} ("campaign_id", "id") where state = 'entered' and arm = 'treated' and step is null`,
    },
    { properties: ['campaign', 'closedAt'] },
  ],
  properties: {
    id: p.uuid().primary(),
    campaign: p.manyToOne(Campaign).mapToPk(),
    version: p.manyToOne(CampaignVersion).mapToPk(),
    customer: p.manyToOne(Customer).mapToPk(),
    arm: p.enum(arms),
    state: p.enum(enrolmentStates),
    /** The score that enrolled, with its threshold; null for other triggers. */
    triggerScore: p.double().nullable(),
    createdAt: p.datetime(),
    /** When the launcher let it in: day 0 of both arms. */
    enteredAt: p.datetime().nullable(),
    /** The current step of the journey: a step id of its version. */
    step: p.text().nullable(),
    waitingUntil: p.datetime().nullable(),
    outcome: p.text().$type<Outcome>().nullable(),
    closedAt: p.datetime().nullable(),
    /** The end of its window, when both arms are measured, whatever their outcome. */
    measureAt: p.datetime().nullable(),
    measuredAt: p.datetime().nullable(),
    /** Still a customer at `measureAt`. */
    retained: p.boolean().nullable(),
    /** What the customer paid per month when they entered, in minor units; null if there is no charge in the campaign's currency. */
    entryCharge: p.bigint('number').nullable(),
    /** When they were first found to have reached the goal within their window. Both arms are checked in the same way. */
    goalAt: p.datetime().nullable(),
    /**
     * Kept revenue per month in minor units, compared with the charge at entry: the monthly charge of a retained customer, or 0 for a
     * churned one, less the charge at entry and a twelfth of the cost of accepted offers. Null if a charge is not known.
     */
    keptRevenue: p.bigint('number').nullable(),
  },
});
export type Enrolment = InferEntity<typeof Enrolment>;
