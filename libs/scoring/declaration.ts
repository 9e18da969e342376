import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { Problem } from '../platform/problem.js';
import { projectFile } from '../platform/project-file.js';
import { scoreKinds, type ScoreKind } from './score-model.entity.js';

const feature = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('number'), knots: z.int().min(2).max(12).default(5), logarithm: z.boolean().default(false) }),
  z.strictObject({ type: z.literal('category'), same: z.record(z.string(), z.string()).default({}) }),
  z.strictObject({ type: z.literal('flag') }),
]);

const declaration = z
  .strictObject({
    score: z.enum(scoreKinds),
    title: z.string().min(1),
    target: z.string().min(1),
    horizon_days: z.int().positive(),
    l2: z.number().positive(),
    features: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'is a name in snake_case'), feature),
  })
  .refine((declared) => Object.keys(declared.features).length > 0, { path: ['features'], message: 'needs at least one feature' })
  .refine((declared) => !(declared.target in declared.features), { path: ['features'], message: 'must not hold the target' });

/** A score kind as config/scores declares it: what is foretold, how far ahead, from what. */
export type ScoreDeclaration = z.infer<typeof declaration>;
export type FeatureDeclaration = z.infer<typeof feature>;

/**
 * Reads a declaration.
 * @throws Problem('invalid') naming every place that is wrong
 */
export function parseScoreDeclaration(yaml: string): ScoreDeclaration {
  const parsed = declaration.safeParse(parse(yaml));
  if (parsed.success) return parsed.data;
  throw new Problem(
    'invalid',
    'The declaration of this score is not valid',
    parsed.error.issues.map((issue) => ({ where: issue.path.join('.'), what: issue.message })),
    'See config/scores/churn.yaml for an example',
  );
}

/**
 * The declaration of a kind, from config/scores/<kind>.yaml.
 * @throws Problem('not-found') where there is no such file
 */
export async function loadScoreDeclaration(kind: ScoreKind): Promise<ScoreDeclaration> {
  const path = projectFile('config', 'scores', `${kind}.yaml`);
  const yaml = await readFile(path, 'utf8').catch(() => {
    throw new Problem('not-found', `The score ${kind} is not declared`, [], `Declare it in config/scores/${kind}.yaml`);
  });
  return parseScoreDeclaration(yaml);
}
