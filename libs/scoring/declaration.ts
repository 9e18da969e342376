import { z } from 'zod';
import { condition, duration } from '../journeys/written.js';
import { attributeName } from '../platform/bounds.js';
import { checkShape, placesOf } from '../platform/check-shape.js';
import { Problem } from '../platform/problem.js';
import { readWrittenFile } from '../platform/written-file.js';
import { readYaml } from '../platform/yaml.js';
import { scoreKinds } from '../scores/kinds/table.js';
import { knownFields, type Field } from '../segments/fields.js';
import { compileRule } from '../segments/rule.js';
import { feature } from './features/sources/table.js';
import { tiesSettings } from './influence/tie-settings.js';
import { purchaseSettings, valueSettings } from './lifetime/value-settings.js';
import { target } from './target.js';
import { misfits } from './training/trainers/needs.js';
import { trainers } from './training/trainers/table.js';

export type { FeatureDeclaration } from './features/feature.js';

const share = z.number().min(0).max(1);

/** What a model must reach to be used, beside what every model must. */
const gates = z.strictObject({
  /** The least area under the ROC curve. */
  auc: share.optional(),
  /** The greatest log-loss, squared error and calibration error. */
  log_loss: z.number().positive().optional(),
  brier: share.optional(),
  calibration_error: share.optional(),
});

const dayMs = 86_400_000;

/** Past dates at which training rows are cut, back from the latest whose horizon has passed. */
const cuts = z.strictObject({
  every: duration.default(30 * dayMs),
  most: z.int().min(1).max(60).default(12),
});

const shape = z.strictObject({
  score: scoreKinds.name,
  title: z.string().min(1),
  /** What is predicted; left out where the model learns from nothing that happened. */
  target: target.optional(),
  /** How far the score looks ahead where an attribute is the target. */
  horizon_days: z.int().positive().default(30),
  /** Who is scored and learnt from, as a rule; without those who object, churned or were erased. */
  population: condition.optional(),
  /** What it is trained by; `best` takes the way of learning that predicts best. */
  model: trainers.name.default('best'),
  cuts: cuts.default({ every: 30 * dayMs, most: 12 }),
  gates: gates.default({}),
  /** How strongly weights are drawn towards zero (L2, on standardised columns); chosen by cross-validation where it is left out. */
  l2: z.number().positive().optional(),
  /** How an amount is reckoned. */
  value: valueSettings.optional(),
  /** Which events are purchases. */
  purchases: purchaseSettings.optional(),
  /** What binds customers. */
  ties: tiesSettings.optional(),
  features: z.record(attributeName, feature).default({}),
});

/** The shape of a declaration, whose population may ask about these fields. */
export const scoreDeclarationWith = (fields: () => readonly Field[]) =>
  shape
    .superRefine((declared, context) => {
      for (const { path, message } of misfits(declared, trainers.get(declared.model))) context.addIssue({ code: 'custom', path, message });
    })
    .refine((declared) => typeof declared.target !== 'string' || !(declared.target in declared.features), {
      path: ['features'],
      message: 'must not hold the target',
    })
    .superRefine(({ score, target: declared }, context) => {
      if (typeof declared !== 'object') return;
      const { range } = scoreKinds.get(score);
      if (range !== undefined && declared.sum !== undefined)
        context.addIssue({
          code: 'custom',
          path: ['target', 'sum'],
          message: `is an amount, and ${score} is ${range.called}: leave it out`,
        });
      if (range === undefined && declared.sum === undefined)
        context.addIssue({ code: 'custom', path: ['target'], message: `needs sum: ${score} is an amount` });
    })
    .superRefine(({ population }, context) => {
      if (population === undefined) return;
      try {
        compileRule(population, fields());
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        for (const place of error.places)
          context.addIssue({ code: 'custom', path: ['population'], message: `at ${place.where}: ${place.what}` });
      }
    });

export const scoreDeclaration = scoreDeclarationWith(knownFields);

/** A score kind as config/scores declares it: what is predicted, for whom, how far ahead, from what. */
export type ScoreDeclaration = z.infer<typeof shape>;

/**
 * Reads a declaration.
 * @throws Problem('invalid') naming every place that is wrong
 */
export function parseScoreDeclaration(yaml: string): ScoreDeclaration {
  const { data, wrong } = checkShape(scoreDeclaration, readYaml(yaml, 'The declaration of this score'), { written: 'yaml' });
  if (wrong === undefined) return data;
  throw new Problem(
    'invalid',
    'The declaration of this score is not valid',
    placesOf(wrong, 'the file'),
    'See config/scores/churn.yaml for an example',
  );
}

/** The declaration in a file. @throws Problem('not-found' or 'invalid') */
export async function readScoreDeclaration(path: string): Promise<ScoreDeclaration> {
  return parseScoreDeclaration(await readWrittenFile(path, 'declaration'));
}
