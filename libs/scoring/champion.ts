import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../persistence/sql.js';
import { readScoreFunction, type ScoreFunction } from './model/score-function.js';
import type { ScoreName } from './kinds/table.js';
import type { ScoreMetrics } from './score-model.entity.js';

/** The model of a kind that scores. */
export interface Champion {
  readonly id: string;
  readonly version: number;
  readonly score: ScoreFunction;
  /** How many customers it learnt from. */
  readonly trainedOn: number;
}

/** Undefined where no model of this kind was trained yet. */
export async function findChampion(em: EntityManager, kind: ScoreName): Promise<Champion | undefined> {
  const row = await queryOne<{ id: string; version: number; parameters: unknown; metrics: ScoreMetrics }>(
    em,
    `select id, version, parameters, metrics from score_model where kind = $1 and state = 'champion' order by version desc limit 1`,
    [kind],
  );
  if (row === undefined) return undefined;
  return { id: row.id, version: row.version, score: readScoreFunction(row.parameters), trainedOn: row.metrics.trainedOn };
}
