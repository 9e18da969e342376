import { z } from 'zod';
import { ensembleFrom, storedEnsemble, toStoredEnsemble } from './boosting/stored-ensemble.js';
import type { Classifier } from './classifier.js';

const numbers = z.array(z.number());

const shape = z.discriminatedUnion('type', [
  z.object({ type: z.literal('number'), name: z.string() }),
  z.object({ type: z.literal('category'), name: z.string(), words: z.array(z.string()) }),
]);

const effect = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('number'),
    name: z.string(),
    knots: numbers,
    logarithm: z.boolean(),
    weights: numbers,
    offset: z.number(),
    missing: z.number(),
  }),
  z.object({ type: z.literal('category'), name: z.string(), effects: numbers, missing: z.number(), unseen: z.number() }),
]);

const calibration = z.discriminatedUnion('method', [
  z.object({ method: z.literal('none') }),
  z.object({ method: z.literal('platt'), offset: z.number(), slope: z.number().positive() }),
  z.object({ method: z.literal('isotonic'), at: numbers.min(1), to: numbers.min(1) }),
]);

const storedClassifier = z.object({
  shapes: z.array(shape),
  base: z.number(),
  linear: z.object({ base: z.number(), effects: z.array(effect) }).nullable(),
  boosting: storedEnsemble.nullable(),
  linearShare: z.number().min(0).max(1),
  calibration,
});
export type StoredClassifier = z.infer<typeof storedClassifier>;

/** A classifier as plain JSON; it scores the same after it was read again. */
export function storeClassifier({ linear, boosting, ...rest }: Classifier): StoredClassifier {
  return {
    ...(rest as Omit<StoredClassifier, 'linear' | 'boosting'>),
    linear: (linear as StoredClassifier['linear'] | undefined) ?? null,
    boosting: boosting === undefined ? null : toStoredEnsemble(boosting),
  };
}

/** Reads a stored classifier. @throws ZodError where it is not one */
export function readClassifier(stored: unknown): Classifier {
  const { linear, boosting, ...rest } = storedClassifier.parse(stored);
  return { ...rest, linear: linear ?? undefined, boosting: boosting === null ? undefined : ensembleFrom(boosting) };
}
