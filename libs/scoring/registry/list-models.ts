import type { EntityManager } from '@mikro-orm/postgresql';
import { tables } from '../../persistence/tables.js';
import type { ScoreModel } from './score-model.entity.js';

/** The register of models, newest first, without their parameters. */
export async function listModels(em: EntityManager, before: string | null, rows: number): Promise<{ readonly id: string }[]> {
  const latest = tables<typeof ScoreModel>(em)
    .selectFrom('ScoreModel')
    .select(['id', 'kind', 'version', 'state', 'metrics', 'predecessorMetrics', 'trainedAt'])
    .orderBy('id', 'desc')
    .limit(rows);
  return (before === null ? latest : latest.where('id', '<', before)).execute();
}
