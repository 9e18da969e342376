import { mentionsOf } from '../journeys/steps/table.js';
import { Problem, type ProblemPlace } from '../platform/problem.js';
import { compileRule } from '../segments/rule.js';
import { knownFields } from '../segments/fields.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import type { CampaignDefinition } from './definition.js';

/** What a process knows of a company's files, as it tells the others. */
export interface Knowledge {
  readonly templates: Readonly<Record<string, KnownTemplate>>;
  /** What rules may ask about, and what of it is known: `customer.contract` -> `string: month-to-month, one-year`. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface KnownTemplate {
  /** The same wherever the template says the same; null where the process has none it could use. */
  readonly digest: string | null;
  /** What is wrong with its files now, each a line for a person. The process goes on with what they said before. */
  readonly faults: readonly string[];
}

/** What a campaign needs of those who carry it out. Its treatments are none of it: each version holds them. */
export interface Needs {
  readonly templates: readonly string[];
  readonly rules: readonly string[];
}

/** @param treatments those it names, and maybe others */
export function needsOf(definition: CampaignDefinition, treatments: readonly TreatmentDefinition[]): Needs {
  const mentions = Object.values(definition.journey.steps).flatMap(mentionsOf);
  const named = (what: 'template' | 'treatment' | 'rule'): string[] => mentions.flatMap((each) => (each.what === what ? [each.text] : []));
  const offered = treatments.filter(({ treatment }) => named('treatment').includes(treatment));
  const rules = [definition.audience, ...(definition.goal === null ? [] : [definition.goal]), ...offered.map(({ eligible }) => eligible)];
  return { templates: [...new Set(named('template'))], rules: [...new Set([...rules, ...named('rule')])] };
}

/** What this process knows of what rules may ask about. */
export function fieldsKnownHere(): Knowledge['fields'] {
  return Object.fromEntries(
    knownFields().map(({ of, name, type, values }) => [`${of}.${name}`, values === null ? type : `${type}: ${values.join(', ')}`]),
  );
}

/** Why a process could not carry a campaign out by what it knows itself; a line each, none where it can. */
export function unknownHere({ templates, rules }: Needs, knows: Knowledge): string[] {
  const unknown = templates
    .filter((key) => (knows.templates[key]?.digest ?? null) === null)
    .map((key) => `does not know the template ${key}`);
  return [...unknown, ...rules.flatMap(whyUnreadable)];
}

function whyUnreadable(rule: string): string[] {
  try {
    compileRule(rule);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.places.map(({ what }) => `cannot read the rule ${rule}: ${what}`);
  }
}

/** A process that has a part in a campaign: it launches it, or carries it out. */
export interface KnowingProcess {
  readonly name: string;
  readonly knows: Knowledge;
}

/**
 * Where the processes that have a part in a campaign differ in what it needs.
 * @param launcher whose files are taken for what is meant
 */
export function differences({ templates, rules }: Needs, launcher: KnowingProcess, others: readonly KnowingProcess[]): ProblemPlace[] {
  const asked = rules.flatMap((rule) => (whyUnreadable(rule).length > 0 ? [] : compileRule(rule).asks));
  const own = unknownHere({ templates, rules }, launcher.knows).map((what) => ({ where: launcher.name, what }));
  const broken = [launcher, ...others].flatMap(({ name, knows }) =>
    templates.flatMap((key) => (knows.templates[key]?.faults ?? []).map((what) => ({ where: name, what }))),
  );
  const apart = others.flatMap(({ name, knows }) => [
    ...templates.flatMap((key) => whatDiffers(key, launcher, knows)).map((what) => ({ where: name, what })),
    ...[...new Set(asked)]
      .filter((field) => knows.fields[field] !== launcher.knows.fields[field])
      .map((field) => ({
        where: name,
        what: `${knows.fields[field] === undefined ? 'does not know' : 'has another'} ${field}, as ${launcher.name} has it`,
      })),
  ]);
  return [...own, ...broken, ...apart];
}

function whatDiffers(key: string, launcher: KnowingProcess, knows: Knowledge): string[] {
  const [mine = null, theirs = null] = [launcher.knows.templates[key]?.digest, knows.templates[key]?.digest];
  if (mine === null || mine === theirs) return [];
  return [theirs === null ? `does not know the template ${key}` : `has another text of the template ${key} than ${launcher.name}`];
}
