import { z } from 'zod';
import { attributeName } from '../platform/bounds.js';
import { checkShape, placesOf } from '../platform/check-shape.js';
import { Problem } from '../platform/problem.js';
import { readWrittenFile } from '../platform/written-file.js';
import { readYaml } from '../platform/yaml.js';
import { scoreKinds } from './kinds/table.js';

/** For a feature that predicts the outcome nearly alone: the author confirms that its value is known before the outcome. */
const known_before = z.boolean().optional();

const feature = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('number'),
    knots: z.int().min(2).max(12).default(5),
    logarithm: z.boolean().default(false),
    known_before,
  }),
  z.strictObject({ type: z.literal('category'), same: z.record(z.string(), z.string()).default({}), known_before }),
  z.strictObject({ type: z.literal('flag'), known_before }),
]);

/** The shape of a declaration. */
export const scoreDeclaration = z
  .strictObject({
    score: scoreKinds.name,
    title: z.string().min(1),
    target: z.string().min(1),
    horizon_days: z.int().positive(),
    l2: z.number().positive(),
    features: z.record(attributeName, feature),
  })
  .refine((declared) => Object.keys(declared.features).length > 0, { path: ['features'], message: 'needs at least one feature' })
  .refine((declared) => !(declared.target in declared.features), { path: ['features'], message: 'must not hold the target' });

/** A score kind as config/scores declares it: what is predicted, how far ahead, from which features. */
export type ScoreDeclaration = z.infer<typeof scoreDeclaration>;
export type FeatureDeclaration = z.infer<typeof feature>;

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
