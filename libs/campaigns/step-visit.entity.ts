import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Campaign } from './campaign.entity.js';
import { Enrolment } from './enrolment.entity.js';

/** One enrolment's visit to one step: the projection that the journey is drawn from. */
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
    /** The way it was left by, as in `accepted`, `silence`, `next`; null while it stands here. */
    label: p.text().nullable(),
  },
});
export type StepVisit = InferEntity<typeof StepVisit>;
