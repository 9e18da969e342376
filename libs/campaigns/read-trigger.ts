import { didYouMean } from '../platform/nearest.js';
import { inside, placeAt, shortened, type DefinitionErrors } from './definition-errors.js';
import { triggerKinds } from './triggers/table.js';
import type { Trigger, TriggerKind } from './triggers/trigger-kind.js';

/** Reads the trigger. What is wrong goes into `errors`, with what to write instead. */
export function readTrigger(written: unknown, errors: DefinitionErrors): Trigger | undefined {
  const place = placeAt('trigger');
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    errors.add(place, written === undefined ? `is missing; write trigger: ${examples()}` : `is not a trigger; write ${instead(written)}`);
    return undefined;
  }
  const names = Object.keys(written);
  const meant = kinds().filter((kind) => names.some((name) => isOf(kind, name)));
  const [kind, ...others] = meant.length > 0 ? meant : kinds().filter(({ parts }) => names.some((name) => didYouMean(name, parts) !== ''));
  if (kind === undefined) {
    errors.add(
      place,
      names.length === 0
        ? `is empty; write trigger: ${examples()}`
        : `there is no trigger by ${shortened(names[0] ?? '')}; write ${examples()}. Events can be used in the audience: events("ticket.opened", 30) >= 1`,
    );
    return undefined;
  }
  if (others.length > 0) {
    errors.add(place, `is ${[kind, ...others].map(({ called }) => called).join(' and ')} in one; write ${examples()}`);
    return undefined;
  }
  const renamed = names.flatMap((name) => {
    const own = ownName(kind, name);
    return own === undefined ? [] : [{ name, own }];
  });
  for (const { name, own } of renamed) errors.add(inside(place, [name]), `is not known here; write ${own}`);
  if (renamed.length > 0) return undefined;
  const read = errors.check(kind.schema, written, place, kind.parts);
  if (read !== undefined) kind.check?.(read, errors);
  return read;
}

const kinds = (): readonly TriggerKind[] => triggerKinds.entries.map(([, kind]) => kind);
const examples = (): string =>
  kinds()
    .map(({ example }) => example)
    .join(' or ');

const isOf = (kind: TriggerKind, name: string): boolean => kind.parts.includes(name) || ownName(kind, name) !== undefined;
const ownName = ({ otherNames = {} }: TriggerKind, name: string): string | undefined =>
  Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;

/** What to write for a trigger that is not a mapping. */
function instead(written: unknown): string {
  const text = typeof written === 'string' ? written.trim() : '';
  for (const kind of kinds()) {
    const likely = kind.instead?.(text);
    if (likely !== undefined) return likely;
  }
  return examples();
}
