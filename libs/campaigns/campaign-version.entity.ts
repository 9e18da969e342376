import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { CampaignDefinition } from './definition.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import { Publication } from '../content/publication.entity.js';
import { Campaign } from './campaign.entity.js';

/** One immutable version of a campaign, with the treatments it names as they were when it was made. */
export const CampaignVersion = defineEntity({
  name: 'CampaignVersion',
  tableName: 'campaign_version',
  uniques: [{ properties: ['campaign', 'version'] }],
  properties: {
    id: p.uuid().primary(),
    campaign: p.manyToOne(Campaign).mapToPk(),
    version: p.integer(),
    /** The YAML as the marketer wrote it. */
    source: p.text(),
    definition: p.json<CampaignDefinition>(),
    treatments: p.json<TreatmentDefinition[]>(),
    /** The fields that its goal asks for, and the status, since who churned ends; null where that is not known: then it asks for all. */
    goalAsks: p.array().nullable(),
    /** The fields that say whether its trigger may enrol somebody, beside the trigger's own score; null as in `goalAsks`. */
    triggerAsks: p.array().nullable(),
    /** The publication whose templates its messages are written from; null for a draft. */
    publication: p.manyToOne(Publication).mapToPk().fieldName('publication').nullable().deleteRule('no action'),
    createdAt: p.datetime(),
    /** When it was first launched; null for a draft. */
    launchedAt: p.datetime().nullable(),
  },
});
export type CampaignVersion = InferEntity<typeof CampaignVersion>;
