import { z } from 'zod';
import type { Channel } from '../channels/table.js';
import type { Mention, StepKind } from '../journeys/steps/step-kind.js';
import { stepKinds } from '../journeys/steps/table.js';
import { didYouMean } from '../platform/nearest.js';
import type { TreatmentDefinition } from '../treatments/treatment.entity.js';
import { outcomes } from '../journeys/outcome.js';
import { inside, shortened, type DefinitionErrors, type Place } from './definition-errors.js';

/** The place of a step, and of the spec in it. */
export interface StepPlaces {
  readonly place: Place;
  readonly specPlace: Place;
}

/** One written step of a journey, checked alone, with the steps nested under its ways. */
export interface ReadStep extends StepPlaces {
  readonly id: string;
  readonly kind: string;
  readonly spec: unknown;
  readonly ways: ReadonlyMap<string, readonly WrittenStep[]>;
}

/** `{ goto: id }` refers to the step that it names. */
export type WrittenStep = ReadStep | { readonly goto: string; readonly place: Place };

/** What a definition may name. */
export interface Known {
  readonly treatments: readonly string[];
  /** What the treatments cost. If it is missing, costs are not checked. */
  readonly terms?: readonly TreatmentDefinition[];
  readonly templates: readonly string[];
  /** The channels that a template has a text for, in any locale. If it is missing, channels are not checked. */
  readonly textsOf?: (template: string) => readonly Channel[];
  /** What a template requires (`offer`, `customer.name`), with the name of the variable. If it is missing, this is not checked. */
  readonly needsOf?: (template: string, on?: Channel) => ReadonlyMap<string, string>;
}

const idText = z
  .string()
  .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'is not an id in lower case with hyphens and dots')
  .refine((id) => !(id in {}), 'is a word that cannot be an id');
const beside = ['id'];

/**
 * Reads a list of steps, or a single step.
 * @param prefix what the derived ids of the list begin with: `await.silence.`
 */
export function readSteps(written: unknown, place: Place, prefix: string, errors: DefinitionErrors, known: Known): readonly WrittenStep[] {
  if (written === undefined || written === null) {
    errors.add(
      place,
      prefix === ''
        ? 'has no steps; write journey: and below it, each with a hyphen before it, steps such as - wait: 2 days'
        : 'has no steps',
    );
    return [];
  }
  const list: readonly unknown[] = Array.isArray(written) ? written : [written];
  const counts = new Map<string, number>();
  const steps: WrittenStep[] = [];
  let ended: string | null = null;
  for (const [index, item] of list.entries()) {
    const at = Array.isArray(written) ? inside(place, [index]) : place;
    if (ended !== null) errors.add(at, `stands after ${ended} and can never be reached`);
    const step = readStep(item, at, (kind) => derivedId(prefix, kind, counts), errors, known);
    if (step === undefined) continue;
    steps.push(step);
    if ('goto' in step) ended = 'a goto';
    else if (stepKinds.get(step.kind).ends !== undefined) ended = `an ${step.kind}`;
  }
  return steps;
}

/** `offer`, and `offer-2` for the second of its kind in the list. */
function derivedId(prefix: string, kind: string, counts: Map<string, number>): string {
  const count = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, count);
  return `${prefix}${kind}${count === 1 ? '' : `-${String(count)}`}`;
}

function readStep(
  written: unknown,
  place: Place,
  derive: (kind: string) => string,
  errors: DefinitionErrors,
  known: Known,
): WrittenStep | undefined {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    errors.add(place, insteadOfStep(written));
    return undefined;
  }
  const step = new Map(Object.entries(written));
  if (step.has('goto')) return readGoto(step, place, errors);
  // The name in the text, which may be an alias. Places and derived ids use it.
  const name = nameIn([...step.keys()], place, errors);
  if (name === undefined) return undefined;
  const kind = stepKinds.get(name);
  const at: Place = { path: [...place.path, name], shown: `${place.shown}.${name}` };
  const spec = errors.check(kind.spec, step.get(name), at, [], kind.example);
  if (spec !== undefined) for (const mention of kind.mentions?.(spec) ?? []) checkMention(mention, at, errors, known);
  const id = (step.has('id') ? errors.check(idText, step.get('id'), inside(place, ['id'])) : undefined) ?? derive(name);
  const labels = [...step.keys()].filter((label) => label !== name && !beside.includes(label));
  checkWays(name, kind, spec, labels, place, errors);
  const ways = new Map(
    labels.map((label) => {
      const way: Place = { path: [...place.path, label], shown: `${at.shown}.${label}` };
      return [label, readSteps(step.get(label), way, `${id}.${label}.`, errors, known)] as const;
    }),
  );
  return { id, kind: stepKinds.canonical(name) ?? name, spec, ways, place, specPlace: at };
}

function readGoto(step: ReadonlyMap<string, unknown>, place: Place, errors: DefinitionErrors): WrittenStep | undefined {
  for (const name of step.keys()) if (name !== 'goto') errors.add(inside(place, [name]), 'a goto stands alone in its step');
  const goto = errors.check(idText, step.get('goto'), inside(place, ['goto']));
  return goto === undefined ? undefined : { goto, place };
}

function nameIn(names: readonly string[], place: Place, errors: DefinitionErrors): string | undefined {
  const [kind, ...others] = names.filter((name) => stepKinds.has(name));
  if (others.length > 0) errors.add(place, `is ${[kind, ...others].join(' and ')} in one; write a step for each`);
  if (kind !== undefined) return others.length === 0 ? kind : undefined;
  const [name = ''] = names.filter((candidate) => !beside.includes(candidate));
  errors.add(place, `there is no step kind ${name === '' ? 'given' : shortened(name)}${hintFor(name)}`);
  return undefined;
}

function hintFor(name: string): string {
  if (/^-\S/.test(name)) return `; a hyphen is followed by a blank: write - ${shortened(name.slice(1))}`;
  if (name.toLowerCase() === 'jump') return '; write goto: and the id of a step';
  const meant = stepKinds.entries.find(([, { mistakenFor = [] }]) => mistakenFor.includes(name.toLowerCase()))?.[1];
  if (meant !== undefined) return `; write ${meant.example}`;
  return didYouMean(name, [...stepKinds.written, 'goto']) || `; there are ${stepKinds.names.join(', ')}`;
}

/** What to write for a step that is not a mapping. */
function insteadOfStep(written: unknown): string {
  const text = typeof written === 'string' ? written.trim() : '';
  const [kind = '', ...rest] = text.split(/[\s:]+/);
  if (outcomes.some((outcome) => outcome === text)) return `is not a step; write { exit: ${text} }`;
  if (/^(wait|exit|goto)$/.test(kind) && rest.length > 0) return `is not a step; write ${kind}: ${shortened(rest.join(' '))}`;
  return `is not a step; write it as in - ${stepKinds.find(kind)?.example ?? 'wait: 2 days'}`;
}

function checkWays(name: string, kind: StepKind, spec: unknown, labels: readonly string[], place: Place, errors: DefinitionErrors): void {
  if (kind.ways === null && spec === undefined) return;
  const named = spec === undefined ? [] : (kind.named?.(spec) ?? []);
  const allowed = kind.ways ?? [...named, 'otherwise'];
  for (const label of labels) {
    if (!allowed.includes(label))
      errors.add(
        inside(place, [label]),
        `${name} has no way ${shortened(label)}${didYouMean(label, [...allowed, ...beside]) || waysOf(allowed)}`,
      );
  }
  for (const label of named) if (!labels.includes(label)) errors.add(place, `has no steps for ${label}`);
}

const waysOf = (allowed: readonly string[]): string =>
  allowed.length === 0 ? '; nothing leads out of it' : `; it has ${allowed.slice(0, 10).map(shortened).join(', ')}`;

function checkMention({ what, text, path, on }: Mention, at: Place, errors: DefinitionErrors, known: Known): void {
  const place = inside(at, path);
  if (what === 'rule') errors.checkRule(text, place);
  else {
    const names = what === 'treatment' ? known.treatments : known.templates;
    if (!names.includes(text)) errors.add(place, `there is no ${what} ${text}${didYouMean(text, names) || thereAre(names)}`);
    else if (what === 'template') checkTexts(text, on, place, errors, known);
  }
}

const thereAre = (names: readonly string[]): string =>
  names.length === 0 ? '' : `; there are ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;

/** A step whose template has no text for any of its channels would reach nobody. */
function checkTexts(template: string, on: Channel | undefined, place: Place, errors: DefinitionErrors, { textsOf }: Known): void {
  const texts = textsOf?.(template);
  if (texts === undefined || (on === undefined ? texts.length > 0 : texts.includes(on))) return;
  const has = texts.length === 0 ? 'no channel' : `${texts.join(' and ')} alone`;
  errors.add(place, `${template} has a text for ${has}${on === undefined ? '' : `, and this step sends it by ${on}`}`);
}
