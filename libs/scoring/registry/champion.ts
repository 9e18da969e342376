import type { EntityManager } from '@mikro-orm/postgresql';
import { tables } from '../../persistence/tables.js';
import type { FeatureDeclaration, Features } from '../features/feature.js';
import { readScoreFunction, type ScoreFunction } from '../model/score-function.js';
import type { ScoreName } from '../../scores/kinds/table.js';
import type { Profile } from './drift.js';
import type { ScoreModel } from './score-model.entity.js';

/** A model that scores, for everybody to act on or in shadow. */
export interface UsedModel {
  readonly id: string;
  readonly kind: ScoreName;
  readonly version: number;
  readonly score: ScoreFunction;
  readonly reads: Reads;
  /** How many customers it learnt from. */
  readonly trainedOn: number;
  /** How features and scores were spread over those it learnt from; null for models that were trained before this was kept. */
  readonly profile: Profile | null;
}

/** What a model reads, as it was declared when it was trained, and of whom. */
export interface Reads {
  readonly features: Features;
  readonly population?: string | undefined;
}

/** Undefined where no model of this kind was put to use yet. */
export const findChampion = (em: EntityManager, kind: ScoreName): Promise<UsedModel | undefined> => findUsed(em, kind, 'champion');

/** The model that scores in shadow; undefined where there is none. */
export const findChallenger = (em: EntityManager, kind: ScoreName): Promise<UsedModel | undefined> => findUsed(em, kind, 'challenger');

/** The kinds of score that have a champion. */
export async function kindsInUse(em: EntityManager): Promise<ScoreName[]> {
  const rows = await tables<typeof ScoreModel>(em)
    .selectFrom('ScoreModel')
    .select('kind')
    .where('state', '=', 'champion')
    .orderBy('kind')
    .execute();
  return rows.map(({ kind }) => kind);
}

async function findUsed(em: EntityManager, kind: ScoreName, state: 'champion' | 'challenger'): Promise<UsedModel | undefined> {
  const row = await tables<typeof ScoreModel>(em)
    .selectFrom('ScoreModel')
    .select(['id', 'version', 'parameters', 'metrics', 'profile'])
    .where('kind', '=', kind)
    .where('state', '=', state)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { id, version, profile, parameters, metrics } = row;
  const score = readScoreFunction(parameters);
  return { id, kind, version, score, reads: readsOf(parameters, score), trainedOn: metrics.trainedOn, profile };
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
