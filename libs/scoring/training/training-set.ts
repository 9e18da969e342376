import type { EntityManager } from '@mikro-orm/postgresql';
import { conflict, Problem } from '../../platform/problem.js';
import type { Progress } from '../../platform/progress.js';
import type { ScoreDeclaration } from '../declaration.js';
import type { Features } from '../features/feature.js';
import { sourceOf } from '../features/sources/table.js';
import { joinRows, type LabelledRows } from './labelled-rows.js';
import { readAtCuts } from './rows-at-cuts.js';
import { readNow } from './rows-now.js';

/** What a score is learnt from, and what it is measured on. */
export interface TrainingSet {
  /** The declared features that the rows have. */
  readonly features: Features;
  /** Features without a history, which are not known at past instants: left out. */
  readonly withoutHistory: readonly string[];
  readonly training: LabelledRows;
  readonly validation: LabelledRows;
  /** The instants at which rows were cut, the latest first; now, where an attribute says what happened. */
  readonly cuts: readonly Date[];
  /** Those of the predecessor's features that the rows have. */
  readonly predecessorFeatures: Features;
  /** The validation set as the predecessor sees it, in the order of its own features. */
  readonly predecessorValidation: LabelledRows;
  /** Whether the validation set is later than what is learnt from; else it is other customers. */
  readonly validatedLater: boolean;
}

/**
 * Reads what a score is trained from. Where an attribute says what happened, each customer is one row, as they are now, and one in five is measured on.
 * Where an event within a horizon does, customers are cut at several past instants: what a row says was known then, and what happened later is
 * its label.
 * @throws Problem('conflict') where there is no history to cut
 */
export async function readTrainingSet(
  em: EntityManager,
  { declared, predecessor, now, onProgress }: ReadingOfHistory,
): Promise<TrainingSet> {
  const { target } = declared;
  if (target === undefined)
    throw conflict(`The score ${declared.score} declares no target, so there is nothing to learn`, 'Declare a target.');
  const withoutHistory = typeof target === 'string' ? [] : unknownInThePast(declared.features);
  const features = without(declared.features, withoutHistory);
  if (Object.keys(features).length === 0) throw nothingKnown(declared, withoutHistory);
  const before = without(predecessor, typeof target === 'string' ? [] : unknownInThePast(predecessor));
  const all = [...Object.entries(features), ...Object.entries(before)];
  const parts =
    typeof target === 'string'
      ? await readNow(em, { ...declared, target }, all, now, onProgress)
      : await readAtCuts(em, { ...declared, target }, all, now, onProgress);
  const { columns: trainingColumns, ...training } = joinRows(all, parts.training);
  const { columns: validationColumns, ...validation } = joinRows(all, parts.validation);
  const own = Object.keys(features).length;
  return {
    features,
    withoutHistory,
    training: { ...training, columns: trainingColumns.slice(0, own) },
    validation: { ...validation, columns: validationColumns.slice(0, own) },
    predecessorFeatures: before,
    predecessorValidation: { ...validation, columns: validationColumns.slice(own) },
    cuts: parts.cuts,
    validatedLater: parts.validatedLater,
  };
}

const without = (features: Features, names: readonly string[]): Features =>
  Object.fromEntries(Object.entries(features).filter(([name]) => !names.includes(name)));

/** What is asked for when a history is read. */
export interface ReadingOfHistory {
  readonly declared: ScoreDeclaration;
  /** What the model that is in use reads; nothing where there is none. */
  readonly predecessor: Features;
  readonly now: Date;
  readonly onProgress?: Progress | undefined;
}

/** What a finding says of a feature without a history. */
export const whyLeftOut =
  'is only known as it is now, and not as it was at past dates: left out; declare it with fixed: true where it never changes, or with known_before: true where it was known then';

function unknownInThePast(features: Features): string[] {
  return Object.entries(features).flatMap(([name, declared]) => {
    const known = sourceOf(declared).history || declared.known_before === true || ('fixed' in declared && declared.fixed === true);
    return known ? [] : [name];
  });
}

function nothingKnown({ score }: ScoreDeclaration, names: readonly string[]): Problem {
  return new Problem(
    'conflict',
    `None of the declared features of ${score} is known at past dates`,
    names.map((name) => ({ where: name, what: whyLeftOut })),
    'Add features of events, or make an attribute the target.',
  );
}
