import { Problem } from '../platform/problem.js';
import { unfitIn } from '../platform/bounds.js';
import { checkCertain } from './check-certain.js';
import { compileJourney } from './compile-journey.js';
import type { CampaignDefinition } from './definition.js';
import { header } from './definition-schema.js';
import { DefinitionErrors, placeAt } from './definition-errors.js';
import type { Known } from './read-steps.js';
import { readTrigger } from './read-trigger.js';
import { readYaml } from './yaml-places.js';

/**
 * Reads a campaign definition, written by a marketer (docs/campaign-language.md).
 * @param known what it may name
 * @throws Problem invalid, with every mistake at once and the place of each: `journey[2].await.silence[0] (line 14)`
 */
export function parseDefinition(yaml: string, known: Known): CampaignDefinition {
  const text = readYaml(yaml);
  if (text.errors.length > 0) throw invalid(text.errors);
  if (typeof text.value !== 'object' || text.value === null || Array.isArray(text.value)) {
    throw invalid([
      { where: 'line 1', what: 'is not a campaign definition; it begins with campaign: and its name, as in campaign: save-at-risk' },
    ]);
  }
  const { journey, trigger: writtenTrigger, ...rest } = text.value as Record<string, unknown>;
  const errors = new DefinitionErrors(text);
  for (const { path, what } of unfitIn(text.value)) errors.add(placeAt(...path), what);
  const head = readHead(rest, errors);
  const trigger = readTrigger(writtenTrigger, errors);
  for (const name of ['goal', 'audience']) {
    const rule = rest[name];
    if (typeof rule === 'string' && rule !== '') errors.checkRule(rule, placeAt(name));
  }
  const { graph, places } = compileJourney(journey, errors, known);
  if (head === undefined || trigger === undefined || errors.found.length > 0) throw invalid(errors.found);
  const definition: CampaignDefinition = {
    campaign: head.campaign,
    title: head.title ?? titleOf(head.campaign),
    goal: head.goal ?? null,
    audience: head.audience,
    trigger,
    holdout: head.holdout,
    budget: head.budget,
    windowMs: head.window,
    priority: head.priority,
    journey: graph,
  };
  checkCertain(definition, places, known.terms ?? [], errors);
  if (errors.found.length > 0) throw invalid(errors.found);
  return definition;
}

/** The key that a definition states, however wrong the rest of it is; undefined if it states none. */
export function keyIn(yaml: string): string | undefined {
  const { value } = readYaml(yaml);
  const key: unknown = typeof value === 'object' && value !== null && 'campaign' in value ? value.campaign : undefined;
  return typeof key === 'string' ? key : undefined;
}

/** Other names that people use for the fields of the head, and the right names. */
const otherNames: Readonly<Record<string, string>> = {
  name: 'campaign',
  id: 'campaign',
  steps: 'journey',
  flow: 'journey',
  segment: 'audience',
  filter: 'audience',
  when: 'trigger',
  target: 'goal',
  control: 'holdout',
  control_group: 'holdout',
  duration: 'window',
};

/** Everything except trigger and journey. */
function readHead(written: Record<string, unknown>, errors: DefinitionErrors) {
  const fields = Object.keys(header.shape);
  for (const [other, name] of Object.entries(otherNames)) {
    if (Object.hasOwn(written, other)) errors.add(placeAt(other), `is not known here; write ${name}`);
  }
  const known = Object.fromEntries(Object.entries(written).filter(([name]) => !Object.hasOwn(otherNames, name)));
  return errors.check(header, known, placeAt(), [...fields, 'trigger', 'journey']);
}

const invalid = (places: Problem['places']): Problem =>
  new Problem(
    'invalid',
    'This campaign cannot be read',
    places,
    'Fix these and send it again; docs/campaign-language.md has the language.',
  );

/** `save-at-risk` -> `Save at risk` */
function titleOf(key: string): string {
  const words = key.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
