import { z } from 'zod';

/** What every feature may say of itself. */
export const saidOfAny = {
  /** Said of a feature that predicts the outcome nearly alone, by somebody who made sure that it is known before the outcome. */
  known_before: z.boolean().optional(),
};

/** How a feature that is a number is written, whatever it is read from. */
export const numberShape = {
  type: z.literal('number').default('number'),
  /** Of the spline that bends it in a linear model. */
  knots: z.int().min(2).max(12).default(5),
  /** Amounts and durations that differ by a factor rather than by a sum. */
  logarithm: z.boolean().default(false),
  /** The score may only rise, or only fall, with it. */
  monotone: z.enum(['rising', 'falling']).optional(),
};

export const categoryShape = {
  type: z.literal('category'),
  /** Words that mean the same here, by what they are taken for. */
  same: z.record(z.string(), z.string()).default({}),
};

export const flagShape = { type: z.literal('flag') };

type ShapeOf<Shape extends z.ZodRawShape> = z.infer<z.ZodObject<Shape>>;

/**
 * One declared feature, as all who learn from it see it: a number, a category or a flag. What it is read from stands beside that, and is
 * known to its source alone.
 */
export type FeatureDeclaration = (ShapeOf<typeof numberShape> | ShapeOf<typeof categoryShape> | ShapeOf<typeof flagShape>) &
  ShapeOf<typeof saidOfAny>;

export type Features = Readonly<Record<string, FeatureDeclaration>>;

/** Features to be read, in the order of the columns that come of them. Two may have one name, as two models may read two things by it. */
export type FeatureList = readonly (readonly [name: string, declared: FeatureDeclaration])[];
