import type { EntityManager } from '@mikro-orm/postgresql';
import { tables } from '../persistence/tables.js';
import { readScoreFunction, type ScoreFunction } from './model/score-function.js';
import type { ScoreName } from './kinds/table.js';
import type { ScoreModel } from './score-model.entity.js';

/** The model of a kind that scores. */
export interface Champion {
  readonly id: string;
  readonly version: number;
  readonly score: ScoreFunction;
  /** How many customers it learnt from. */
  readonly trainedOn: number;
}

/** Undefined if no model of this kind was trained yet. */
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
  return { id: row.id, version: row.version, score: readScoreFunction(row.parameters), trainedOn: row.metrics.trainedOn };
}
