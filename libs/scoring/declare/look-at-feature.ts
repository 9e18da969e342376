import type { FeatureDeclaration } from '../declaration.js';
import type { ScoreName } from '../../scores/kinds/table.js';
import { leastOfAValue } from '../model/linear/design.js';
import type { SampleColumn } from './sample.js';
import { isAbout, isCode, isSensitive } from './words.js';

/** What a column is to a model, and why, in words for a person. */
export type Finding =
  | { readonly feature: FeatureLine; readonly reason: string }
  /** Left out: see `reason`. */
  | { readonly feature: undefined; readonly reason: string };

/** A line under `features`; what is left out has its usual value. */
export type FeatureLine = { readonly type: FeatureDeclaration['type']; readonly knots?: number; readonly logarithm?: true };

/** What is predicted: the score, and of each row 1 where it happened, 0 where not, undefined where the file does not say. */
export interface Outcomes {
  readonly score: ScoreName;
  readonly of: readonly (0 | 1 | undefined)[];
}

/**
 * What one column is to a model.
 * @param outcomes undefined where no target was found, empty where it is a value
 */
export function lookAtFeature(each: SampleColumn, outcomes: Outcomes | undefined): Finding {
  const { column, cells, looks, name } = each;
  const leftOut = (reason: string): Finding => ({ feature: undefined, reason });
  const known = cells.filter((cell) => cell !== '');
  const words = new Set(known);
  if (known.length === 0) return leftOut('it is empty');
  if (words.size === 1 && known.length === cells.length) return leftOut(`it is the same for all: ${[...words].join()}`);
  if (looks.kind in kept) return leftOut(kept[looks.kind] ?? '');
  if (outcomes !== undefined && isAbout(column, outcomes.score, looks.kind === 'number'))
    return leftOut('its name says that it is about the outcome, so it may be known only afterwards');
  if (outcomes !== undefined) {
    const why = givesAway(each, outcomes);
    if (why !== undefined) return leftOut(why);
  }
  if (looks.kind === 'date') return leftOut('it is a date, and few customers share one; how long ago it was would be a feature');
  if (isSensitive(column)) return leftOut('it is sensitive: add it only if the law and you want the score to depend on it');
  if (known.length < leastOfAValue && cells.length >= leastOfAValue) return leftOut(`it is known of fewer than ${leastOfAValue} customers`);
  if (isCode(column) && looks.kind === 'number') return leftOut('it is a code and no quantity');
  if (name === undefined) return leftOut('the import makes no attribute of it');
  if (looks.kind === 'number') return number(known.map(looks.valueOf).filter((value) => value !== undefined));
  if (looks.kind === 'yes-no') return { feature: { type: 'flag' }, reason: `yes or no: ${[...words].sort().join(', ')}` };
  return category(known);
}

const kept: Readonly<Record<string, string>> = {
  identifier: 'it identifies a customer: no value comes twice',
  email: 'it holds e-mail addresses',
  phone: 'it holds phone numbers',
  zone: 'it holds time zones, which say when to write and not what a customer will do',
  locale: 'it holds languages, which say how to write and not what a customer will do',
  text: 'it is free text',
};

function number(values: readonly number[]): Finding {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const [least, middle, most] = [at(0), at(0.5), at(1)];
  const distinct = new Set(sorted).size;
  const whole = sorted.every(Number.isInteger);
  // As many whole numbers in a row as there are rows are the rows themselves, counted.
  if (whole && distinct === sorted.length && distinct > leastOfAValue && most - least === distinct - 1)
    return { feature: undefined, reason: 'it counts the rows' };
  const skewed = least >= 0 && at(0.95) - middle > skew * (middle - at(0.05)) && distinct > leastOfAValue;
  const range = `${whole ? 'whole numbers' : 'numbers'} from ${least} to ${most}`;
  return {
    feature: {
      type: 'number',
      ...(distinct < usualKnots && { knots: Math.max(2, distinct) }),
      ...(skewed && { logarithm: true as const }),
    },
    reason: skewed ? `${range}, most of them small` : range,
  };
}

const usualKnots = 5;
/** How much farther the upper end lies from the middle than the lower one before a logarithmic scale is better. */
const skew = 3;

const shownWords = 4;

function category(known: readonly string[]): Finding {
  const counts = countsOf(known);
  const byCount = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).map(([word]) => word);
  if (known.length >= leastOfAValue && Math.max(...counts.values()) < leastOfAValue)
    return { feature: undefined, reason: `no ${leastOfAValue} customers share a value: it is a name or a code` };
  const more = byCount.length > shownWords ? ', ...' : '';
  return { feature: { type: 'category' }, reason: `${byCount.length} words: ${byCount.slice(0, shownWords).join(', ')}${more}` };
}

/** Of the errors that are made without a column, the share that may remain before it is taken for the outcome itself. */
const mostErrors = 0.05;

/**
 * Why a column gives the outcome away: because it has an outcome for each of its words, or is filled in only for one of them.
 * What only numbers give away is found when the score is trained.
 */
function givesAway({ cells, looks }: SampleColumn, outcomes: Outcomes): string | undefined {
  const isWord = looks.kind === 'yes-no' || looks.kind === 'category';
  const filled = errorsBy(
    cells.map((cell) => (cell === '' ? 'no' : 'yes')),
    outcomes,
  );
  if (filled.share <= mostErrors && filled.without >= leastErrors)
    return 'it is filled in only for those of one outcome: it is known only afterwards';
  const words = isWord ? errorsBy(withoutRare(cells), outcomes) : filled;
  if (words.share <= mostErrors && words.without >= leastErrors) return 'it says the same as the outcome: it is known only afterwards';
  return undefined;
}

/** What few customers share says nothing of its own. */
function withoutRare(words: readonly string[]): string[] {
  const counts = countsOf(words);
  return words.map((word) => ((counts.get(word) ?? 0) < leastOfAValue ? 'rare' : word));
}

function countsOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** With fewer cases of the rarer outcome than this, anything may fit by chance. */
const leastErrors = 5;

/** How many outcomes are wrong when each word gets its commoner one: of those that are wrong without the column, the share. */
function errorsBy(words: readonly string[], outcomes: Outcomes): { readonly share: number; readonly without: number } {
  const groups = new Map<string, [number, number]>();
  const all: [number, number] = [0, 0];
  words.forEach((word, index) => {
    const outcome = outcomes.of[index];
    if (outcome === undefined) return;
    const group = groups.get(word) ?? [0, 0];
    groups.set(word, group);
    group[outcome]++;
    all[outcome]++;
  });
  const errors = [...groups.values()].reduce((sum, group) => sum + Math.min(...group), 0);
  const without = Math.min(...all);
  return { share: without === 0 ? 1 : errors / without, without };
}
