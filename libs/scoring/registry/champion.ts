import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../persistence/sql.js';
import { tables } from '../../persistence/tables.js';
import { notFound, Problem } from '../../platform/problem.js';
import type { Features } from '../features/feature.js';
import { modelForms } from '../model/forms.js';
import type { Scorer } from '../model/scorer.js';
import type { ScoreName } from '../../scores/kinds/table.js';
import type { Profile } from './drift.js';
import type { ScoreModel } from './score-model.entity.js';

/** A trained model as it is stored: a form of model, what that form keeps, and what is read to score with it. */
export interface StoredParameters {
  readonly form: string;
  readonly model: unknown;
  readonly reads: Reads;
}

/** A model that scores, for everybody to act on or in shadow. */
export interface UsedModel {
  readonly id: string;
  readonly kind: ScoreName;
  readonly version: number;
  readonly scorer: Scorer;
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

/** @throws Problem conflict where no model of this kind was put to use yet */
export async function expectChampion(em: EntityManager, kind: ScoreName): Promise<UsedModel> {
  const champion = await findChampion(em, kind);
  if (champion !== undefined) return champion;
  throw new Problem('conflict', `No ${kind} model has been trained yet`, [], 'Train one first, or post scores of your own');
}

/** The model that scores in shadow; undefined where there is none. */
export const findChallenger = (em: EntityManager, kind: ScoreName): Promise<UsedModel | undefined> => findUsed(em, kind, 'challenger');

/** The kinds whose champion has to score a customer again where one of these fields changed, and all fields where it has to. */
export async function kindsAsking(
  em: EntityManager,
  fields: readonly string[],
): Promise<{ readonly kind: ScoreName; readonly asks: readonly string[] }[]> {
  return query(em, `select kind, asks from score_model where state = 'champion' and asks && $1::text[] order by kind`, [fields]);
}

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

/** Any version of a kind, ready to score. @throws Problem not-found where there is none */
export async function findUsable(em: EntityManager, kind: ScoreName, version: number): Promise<UsedModel> {
  const row = await models(em).select('id').where('kind', '=', kind).where('version', '=', version).executeTakeFirst();
  const model = row === undefined ? undefined : await findModel(em, row.id);
  if (model === undefined) throw notFound(`version of the score ${kind}`, String(version));
  return model;
}

async function findUsed(em: EntityManager, kind: ScoreName, state: 'champion' | 'challenger'): Promise<UsedModel | undefined> {
  const row = await models(em).select('id').where('kind', '=', kind).where('state', '=', state).executeTakeFirst();
  return row === undefined ? undefined : findModel(em, row.id);
}

async function findModel(em: EntityManager, id: string): Promise<UsedModel | undefined> {
  const read = readModels.get(id) ?? (await readModel(em, id));
  if (read !== undefined) remember(read);
  return read;
}

const models = (em: EntityManager) => tables<typeof ScoreModel>(em).selectFrom('ScoreModel');

/** The models that were used last, ready to score: a version in the register never changes, and a large one takes a while to read. */
const readModels = new Map<string, UsedModel>();
/** A champion and a challenger of each kind, of two databases. */
const mostRemembered = 24;

function remember(model: UsedModel): void {
  readModels.delete(model.id);
  readModels.set(model.id, model);
  for (const id of [...readModels.keys()].slice(0, -mostRemembered)) readModels.delete(id);
}

async function readModel(em: EntityManager, id: string): Promise<UsedModel | undefined> {
  const row = await models(em).select(['kind', 'version', 'parameters', 'metrics', 'profile']).where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const { kind, version, profile, metrics } = row;
  const { form, model, reads } = row.parameters as unknown as StoredParameters;
  return { id, kind, version, scorer: modelForms.get(form).read(model), reads, trainedOn: metrics.trainedOn, profile };
}
