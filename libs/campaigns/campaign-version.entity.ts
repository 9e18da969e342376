import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { CampaignDefinition } from './definition.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import { Publication } from '../content/publication.entity.js';
import { Campaign } from './campaign.entity.js';

/** One immutable version of a campaign, with a copy of the treatments that it names, made when the version was stored. */
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
    /**
     * The fields that its goal reads, and the status, because a churned customer's journey ends. Null if they are not known: then every
     * change counts.
     */
    goalAsks: p.array().nullable(),
    /** The fields that decide whether its trigger may enrol somebody, beside the trigger's own score; null as in `goalAsks`. */
    triggerAsks: p.array().nullable(),
    /** The publication whose templates its messages use; null for a draft. */
    publication: p.manyToOne(Publication).mapToPk().fieldName('publication').nullable().deleteRule('no action'),
    createdAt: p.datetime(),
    /** When it was first launched; null for a draft. */
    launchedAt: p.datetime().nullable(),
  },
});
export type CampaignVersion = InferEntity<typeof CampaignVersion>;
