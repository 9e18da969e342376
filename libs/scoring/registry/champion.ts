import type { EntityManager } from '@mikro-orm/postgresql';
import { tables } from '../../persistence/tables.js';
import type { FeatureDeclaration, Features } from '../features/feature.js';
import { readScoreFunction, type ScoreFunction } from '../model/score-function.js';
import type { ScoreName } from '../../scores/kinds/table.js';
import type { ScoreModel } from './score-model.entity.js';

/** The model of a kind that scores. */
export interface Champion {
  readonly id: string;
  readonly version: number;
  readonly score: ScoreFunction;
  readonly reads: Reads;
  /** How many customers it learnt from. */
  readonly trainedOn: number;
}

/** What a model reads, as it was declared when it was trained, and of whom. */
export interface Reads {
  readonly features: Features;
  readonly population?: string | undefined;
}

/** Undefined where no model of this kind was trained yet. */
export async function findChampion(em: EntityManager, kind: ScoreName): Promise<Champion | undefined> {
  const row = await tables<typeof ScoreModel>(em)
    .selectFrom('ScoreModel')
    .select(['id', 'version', 'parameters', 'metrics'])
    .where('kind', '=', kind)
    .where('state', '=', 'champion')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const score = readScoreFunction(row.parameters);
  return { id: row.id, version: row.version, score, reads: readsOf(row.parameters, score), trainedOn: row.metrics.trainedOn };
}

/** A model that was trained before features had sources reads attributes. */
function readsOf({ reads }: Readonly<Record<string, unknown>>, { encodings }: ScoreFunction): Reads {
  if (reads !== undefined) return reads as Reads;
  return {
    features: Object.fromEntries(
      encodings.map((encoding): [string, FeatureDeclaration] => {
        if (encoding.type === 'flag') return [encoding.name, { type: 'flag' }];
        if (encoding.type === 'category') return [encoding.name, { type: 'category', same: encoding.same }];
        return [encoding.name, { type: 'number', knots: encoding.knots.length, logarithm: encoding.logarithm }];
      }),
    ),
  };
}
