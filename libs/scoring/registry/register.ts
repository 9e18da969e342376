import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../../persistence/sql.js';
import { newId } from '../../platform/ids.js';
import { askedBy } from '../features/asked-by.js';
import type { ScoreName } from '../../scores/kinds/table.js';
import type { StoredParameters } from './champion.js';
import type { Profile } from './drift.js';
import { makeChallenger, makeChampion } from './promote.js';
import type { ScoreMetrics } from './score-model.entity.js';

/** A model that was just trained. */
export interface TrainedModel {
  readonly kind: ScoreName;
  readonly parameters: StoredParameters;
  readonly metrics: ScoreMetrics;
  /** The champion's metrics on the same customers; null where there is none. */
  readonly before: ScoreMetrics | null;
  readonly profile: Profile;
  readonly figures: object;
  readonly declaration: object;
  /** When what it learnt from was observed. */
  readonly data: { readonly from: Date; readonly until: Date };
  /** What becomes of it: it is put to use, scores in shadow, or neither. */
  readonly becomes: 'champion' | 'challenger' | 'candidate';
}

/** Registers a model under the next version of its kind. Call it where `lockRegister` was called before in the same transaction. */
export async function registerModel(
  tx: EntityManager,
  model: TrainedModel,
  now: Date,
): Promise<{ readonly id: string; readonly version: number }> {
  const { kind, parameters, metrics, before, profile, figures, declaration, data, becomes } = model;
  const id = newId();
  const row = await queryOne<{ version: number }>(
    tx,
    `insert into score_model (id, kind, version, state, metrics, predecessor_metrics, parameters, trained_at, declaration, data_from, data_until, profile, figures, asks)
     select $1, $2, coalesce(max(version), 0) + 1, 'candidate', $3::jsonb, $4::jsonb, $5::jsonb, $6, $7::jsonb, $8, $9, $10::jsonb, $11::jsonb, $12::text[]
     from score_model where kind = $2
     returning version`,
    [
      id,
      kind,
      JSON.stringify(metrics),
      before === null ? null : JSON.stringify(before),
      JSON.stringify(parameters),
      now,
      JSON.stringify(declaration),
      data.from,
      data.until,
      JSON.stringify(profile),
      JSON.stringify(figures),
      askedBy(parameters.reads.features, parameters.reads.population),
    ],
  );
  if (row === undefined) throw new Error('The model was not registered');
  if (becomes === 'champion') await makeChampion(tx, kind, id, now);
  if (becomes === 'challenger') await makeChallenger(tx, kind, id);
  return { id, version: row.version };
}
