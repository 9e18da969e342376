import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../persistence/sql.js';
import { tables } from '../../persistence/tables.js';
import { conflict, notFound, Problem } from '../../platform/problem.js';
import type { ScoreName } from '../../scores/kinds/table.js';
import type { ScoreModel } from './score-model.entity.js';

/** One training, promotion or rollback of a kind at a time; another waits for it. */
export async function lockRegister(tx: EntityManager, kind: ScoreName): Promise<void> {
  await query(tx, `select pg_advisory_xact_lock(hashtextextended('score-model ' || $1, 0))`, [kind]);
}

/** What scores from now on, and what did until now. */
export interface Promoted {
  readonly version: number;
  /** Null for the first of its kind. */
  readonly replaced: number | null;
}

/**
 * Puts a version of a kind to use: it is the champion from now on, and the champion until now retires. Scores change with the next sweep.
 * @throws Problem not-found where there is no such version; conflict where it is in use already, or did not pass its gates
 */
export async function promoteModel(em: EntityManager, kind: ScoreName, version: number, now: Date): Promise<Promoted> {
  return em.transactional(async (tx) => {
    await lockRegister(tx, kind);
    const model = await models(tx)
      .select(['id', 'state', 'metrics'])
      .where('kind', '=', kind)
      .where('version', '=', version)
      .executeTakeFirst();
    if (model === undefined) throw notFound(`version of the score ${kind}`, String(version));
    if (model.state === 'champion') throw conflict(`Version ${version} of the score ${kind} is in use already`);
    const { refusedFor = [] } = model.metrics;
    if (refusedFor.length > 0) {
      const places = refusedFor.map((what) => ({ where: `version ${version}`, what }));
      throw new Problem('conflict', `Version ${version} of the score ${kind} did not pass its gates`, places, 'Train another version.');
    }
    return { version, replaced: await makeChampion(tx, kind, model.id, now) };
  });
}

/**
 * Takes the last promotion of a kind back: the version that it replaced is the champion again. Done once more, it goes back to the one
 * before that.
 * @throws Problem conflict where there is none to go back to
 */
export async function rollbackModel(em: EntityManager, kind: ScoreName): Promise<Promoted> {
  return em.transactional(async (tx) => {
    await lockRegister(tx, kind);
    const champion = await findState(tx, kind, 'champion');
    const earlier =
      champion?.replaced == null
        ? undefined
        : await models(tx).select(['id', 'version']).where('id', '=', champion.replaced).executeTakeFirst();
    if (champion === undefined || earlier === undefined) {
      const what = champion === undefined ? 'has no version in use' : `uses version ${champion.version}, which replaced no other`;
      const places = [{ where: `the score ${kind}`, what }];
      throw new Problem('conflict', `There is no earlier version of the score ${kind} to go back to`, places, 'Promote another version.');
    }
    await update(tx, champion.id).set({ state: 'retired' }).execute();
    await update(tx, earlier.id).set({ state: 'champion' }).execute();
    return { version: earlier.version, replaced: champion.version };
  });
}

/** Makes a registered model the champion. @returns the version that it replaced; null for the first of its kind */
export async function makeChampion(tx: EntityManager, kind: ScoreName, id: string, now: Date): Promise<number | null> {
  const champion = await findState(tx, kind, 'champion');
  if (champion !== undefined) await update(tx, champion.id).set({ state: 'retired' }).execute();
  await update(tx, id)
    .set({ state: 'champion', promotedAt: now, replaced: champion?.id ?? null })
    .execute();
  return champion?.version ?? null;
}

/** Lets a registered model score in shadow; the challenger until now is a candidate again. */
export async function makeChallenger(tx: EntityManager, kind: ScoreName, id: string): Promise<void> {
  const challenger = await findState(tx, kind, 'challenger');
  if (challenger !== undefined) await update(tx, challenger.id).set({ state: 'candidate' }).execute();
  await update(tx, id).set({ state: 'challenger' }).execute();
}

const models = (tx: EntityManager) => tables<typeof ScoreModel>(tx).selectFrom('ScoreModel');
const update = (tx: EntityManager, id: string) => tables<typeof ScoreModel>(tx).updateTable('ScoreModel').where('id', '=', id);

const findState = (tx: EntityManager, kind: ScoreName, state: 'champion' | 'challenger') =>
  models(tx).select(['id', 'version', 'replaced']).where('kind', '=', kind).where('state', '=', state).executeTakeFirst();
