import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Campaign } from './campaign.entity.js';
import { Enrolment } from './enrolment.entity.js';

/** One enrolment's visit to one step: the data from which the journey is drawn. */
export const StepVisit = defineEntity({
  name: 'StepVisit',
  tableName: 'step_visit',
  indexes: [{ properties: ['campaign', 'step', 'label'] }],
  properties: {
    enrolment: p.manyToOne(Enrolment).mapToPk().primary().deleteRule('cascade'),
    /** 1 for the first step of a journey, then upwards. */
    ordinal: p.integer().primary(),
    campaign: p.manyToOne(Campaign).mapToPk(),
    step: p.text(),
    enteredAt: p.datetime(),
    /** The way by which the step was left, such as `accepted`, `silence`, `next`; null while the journey is at this step. */
    label: p.text().nullable(),
  },
});
export type StepVisit = InferEntity<typeof StepVisit>;
