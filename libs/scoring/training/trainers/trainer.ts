import type { EntityManager } from '@mikro-orm/postgresql';
import type { Progress } from '../../../platform/progress.js';
import type { ScoreName } from '../../../scores/kinds/table.js';
import type { ScoreDeclaration } from '../../declaration.js';
import type { StoredParameters, UsedModel } from '../../registry/champion.js';
import type { Profile } from '../../registry/drift.js';
import type { ScoreMetrics } from '../../registry/score-model.entity.js';

/** Parts of a declaration that not every trainer reads. */
export const parts = ['target', 'features', 'value', 'purchases', 'ties'] as const;
export type Part = (typeof parts)[number];

/** What is asked of a trainer. */
export interface Lesson {
  readonly declared: ScoreDeclaration;
  /** The model that is in use; undefined where there is none. */
  readonly predecessor: UsedModel | undefined;
  readonly now: Date;
  readonly seed: string;
  readonly onProgress?: Progress | undefined;
}

/** The trained model, to be registered. */
export interface Lessons {
  readonly parameters: StoredParameters;
  /** On what the model did not learn from, with the findings and the reasons to refuse it. */
  readonly metrics: ScoreMetrics;
  readonly refusedFor: readonly string[];
  /** The predecessor's on the same customers; null where there is none, or it cannot be measured there. */
  readonly before: ScoreMetrics | null;
  /** Whether it is no worse than its predecessor. */
  readonly noWorse: boolean;
  readonly profile: Profile;
  readonly figures: object;
  /** When what it learnt from was observed. */
  readonly data: { readonly from: Date; readonly until: Date };
}

/** A way to make a model of a company's own history. */
export interface Trainer {
  /** The kinds of score that it gives; all likelihoods where it is missing. */
  readonly gives?: readonly ScoreName[];
  /** The parts of a declaration that it reads, and whether it can do without. */
  readonly reads: Readonly<Partial<Record<Part, 'needed' | 'optional'>>>;
  /** @throws Problem('conflict') where there is too little history, saying what is missing */
  train(tx: EntityManager, lesson: Lesson): Promise<Lessons>;
}
