import { mentionsOf } from '../journeys/steps/table.js';
import { Problem } from '../platform/problem.js';
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import type { Field } from '../segments/fields.js';
import { compileRule } from '../segments/rule.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import type { CampaignDefinition } from './definition.js';
import { isAtWork, type StoredVersion } from './versions.js';

/** What a campaign needs of what is published while it runs. */
export interface Needs {
  readonly templates: readonly string[];
  readonly rules: readonly string[];
}

/** The same, and the treatments that its definition names: each version has its own copy of them. */
export interface DefinitionNeeds extends Needs {
  readonly treatments: readonly string[];
}

/** @param treatments the ones that it names, and possibly others */
export function needsOf(definition: CampaignDefinition, treatments: readonly TreatmentDefinition[]): DefinitionNeeds {
  const mentions = Object.values(definition.journey.steps).flatMap(mentionsOf);
  const named = (what: 'template' | 'treatment' | 'rule'): string[] => mentions.flatMap((each) => (each.what === what ? [each.text] : []));
  const offered = treatments.filter(({ treatment }) => named('treatment').includes(treatment));
  const rules = [definition.audience, ...(definition.goal === null ? [] : [definition.goal]), ...offered.map(({ eligible }) => eligible)];
  return {
    templates: [...new Set(named('template'))],
    treatments: [...new Set(named('treatment'))],
    rules: [...new Set([...rules, ...named('rule')])],
  };
}

/**
 * What a campaign needs from the current publication, for the version that enrols and for versions with customers inside. Templates that a
 * version is pinned to are not included, unless pins are ignored.
 */
export async function needsOfCampaign(em: EntityManager, campaignId: string, { pinned: heeded = true } = {}): Promise<Needs> {
  const versions = await query<StoredVersion & { readonly pinned: boolean }>(
    em,
    `select v.definition, v.treatments, v.publication is not null and not k.repin_on_resume as pinned
     from campaign k join campaign_version v on v.campaign_id = k.id where k.id = $1 and ${isAtWork}`,
    [campaignId],
  );
  const needs = versions.map(({ definition, treatments, pinned }) => ({
    ...needsOf(definition, treatments),
    ...(pinned && heeded && { templates: [] }),
  }));
  return {
    templates: [...new Set(needs.flatMap(({ templates }) => templates))],
    rules: [...new Set(needs.flatMap(({ rules }) => rules))],
  };
}

/** Why a campaign cannot run with these templates and fields, one line for each reason; empty if it can. */
export function lacking({ templates, rules }: Needs, published: readonly string[]): string[] {
  return [
    ...templates.filter((key) => !published.includes(key)).map((key) => `there is no template ${key}`),
    ...rules.flatMap((rule) => whyUnreadable(rule)),
  ];
}

/** Why a rule cannot be read with these fields; empty if it can. */
export function whyUnreadable(rule: string, fields?: readonly Field[]): string[] {
  try {
    compileRule(rule, fields);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.places.map(({ what }) => `the rule ${rule} cannot be read: ${what}`);
  }
}
