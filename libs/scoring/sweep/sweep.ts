import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../../persistence/sql.js';
import { tables } from '../../persistence/tables.js';
import { newId } from '../../platform/ids.js';
import { notFound } from '../../platform/problem.js';
import { clearAlert, raiseAlert } from '../../access/alerts.js';
import { writeScored } from '../../scores/crossings.js';
import type { ScoreName } from '../../scores/kinds/table.js';
import { writeShadowScores } from '../../scores/write-shadow-scores.js';
import { writeScores } from '../../scores/write-scores.js';
import { countCustomers, scoredNow } from '../features/population.js';
import { readFeatures } from '../features/read-features.js';
import { movedAt, scoreColumn, SpreadCounter } from '../registry/drift.js';
import { expectChampion, findChampion, findChallenger, type UsedModel } from '../registry/champion.js';
import type { ScoreWatch } from '../registry/score-watch.entity.js';
import { scorePage } from '../score-page.js';
import { timed, type PhaseWatch } from './phases.js';
import type { ScoreSweep } from './score-sweep.entity.js';
import { sweepWhole } from './sweep-whole.js';
import { staleCustomers } from './stale-customers.js';

/** Where a shard of a sweep goes on. Plain data: a heartbeat carries it. */
export interface SweepPlace {
  /** The last customer who was looked at; null at the start. */
  readonly after: string | null;
  readonly scored: number;
  readonly changed: number;
  /** How the features and scores of those looked at spread over the bins of what the model learnt from. */
  readonly counted: Readonly<Record<string, readonly number[]>>;
}

export const sweepStart: SweepPlace = { after: null, scored: 0, changed: 0, counted: {} };

/** A range of ids: those above `from`, up to `to`. */
export interface Shard {
  readonly from: string | null;
  readonly to: string | null;
}

export interface BegunSweep {
  readonly sweepId: string;
  readonly shards: readonly Shard[];
}

/**
 * Begins a sweep: everybody's score of a kind as of now, wherever it may have changed.
 * @param shards into how many parts of about the same size the customers are divided
 * @throws Problem conflict where no model of this kind was trained
 */
export async function beginSweep(em: EntityManager, kind: ScoreName, shards: number, now: Date): Promise<BegunSweep> {
  return em.transactional(async (tx) => {
    const champion = await expectChampion(tx, kind);
    const id = newId();
    await tables<typeof ScoreSweep>(tx)
      .insertInto('ScoreSweep')
      .values({ id, kind, model: champion.id, at: now, finishedAt: null, scored: 0, changed: 0 })
      .execute();
    // Where each score depends on all customers, all are scored at once.
    return { sweepId: id, shards: await divide(tx, champion.scorer.ofAll === undefined ? shards : 1) };
  });
}

/** Ids that divide the customers into parts of about the same size, by a sample of them. */
async function divide(tx: EntityManager, count: number): Promise<Shard[]> {
  const row = await queryOne<{ edges: string[] | null }>(
    tx,
    `with sample as (
       select id, ntile($1) over (order by id) as part from (
         select id from customer where (select reltuples from pg_class where oid = 'customer'::regclass) < 50000
         union all
         select id from customer tablesample system (1) where (select reltuples from pg_class where oid = 'customer'::regclass) >= 50000) s)
     select array_agg(edge order by edge) as edges from (select max(id::text)::uuid as edge from sample where part < $1 group by part) e`,
    [count],
  );
  const edges = row?.edges ?? [];
  return [null, ...edges].map((from, index) => ({ from, to: edges[index] ?? null }));
}

/** How many customers are scored in one transaction. */
const pageSize = 5_000;

export interface PageOptions {
  readonly most?: number;
  /** Hears how long each phase took. */
  readonly watch?: PhaseWatch;
}

/**
 * Scores the next page of a shard, in one transaction: features, scores with reasons, what the challenger would have given, and how all is spread.
 * Done again, it gives the same scores and history: a sweep that was stopped goes on where it was, as customers who are up to date are passed over.
 * @returns where the next page begins, and whether the shard is done
 */
export async function sweepPage(
  em: EntityManager,
  sweepId: string,
  shard: Shard,
  place: SweepPlace,
  { most = pageSize, watch }: PageOptions = {},
): Promise<{ place: SweepPlace; done: boolean }> {
  const sweep = await findSweep(em, sweepId);
  // Where another was promoted meanwhile, what is left is scored with that one, and the rest by the next sweep.
  const champion = await expectChampion(em, sweep.kind);
  const { ofAll } = champion.scorer;
  if (ofAll !== undefined) return { place: await sweepWhole(em, { ...champion, ofAll }, sweep.at), done: true };
  const after = place.after ?? shard.from;
  const population = scoredNow(champion.reads.population);
  const search = { kind: sweep.kind, modelId: champion.id, population, at: sweep.at, since: await lastSweepOf(em, champion, sweep) };
  const ids = await timed(watch, 'finding', () => staleCustomers(em, search, { after, upTo: shard.to, most }));
  if (ids.length === 0) return { place, done: true };
  const challenger = await findChallenger(em, sweep.kind);
  const counter = new SpreadCounter(champion.profile ?? {});
  counter.addCounts(place.counted);
  const changed = await em.transactional(async (tx) => {
    const read = { at: sweep.at, population, whom: { ids } };
    const page = await timed(watch, 'features', () =>
      readFeatures(tx, { ...read, features: Object.entries(champion.reads.features), nextChange: true }),
    );
    const { values, scores } = await timed(watch, 'scoring', () => scorePage(champion, page));
    counter.add(page, values);
    const written = await timed(watch, 'writing', () => writeScores(tx, scores, champion.id, sweep.at));
    if (challenger !== undefined) {
      const shadow = await readFeatures(tx, { ...read, features: Object.entries(challenger.reads.features), nextChange: false });
      await writeShadowScores(tx, sweep.kind, challenger.id, shadow.ids, scorePage(challenger, shadow).values, sweep.at);
    }
    return written.filter(({ value, previous }) => value !== previous).length;
  });
  const next = {
    after: ids.at(-1) ?? after,
    scored: place.scored + ids.length,
    changed: place.changed + changed,
    counted: counter.counted(),
  };
  return { place: next, done: ids.length < most };
}

/**
 * Ends a sweep: campaigns look at everybody's score, and what drifted away from what the model learnt from raises an alert.
 * @param places where its shards ended
 */
export async function finishSweep(em: EntityManager, sweepId: string, places: readonly SweepPlace[], now: Date): Promise<ScoreSweep> {
  return em.transactional(async (tx) => {
    const sweep = await findSweep(tx, sweepId);
    if (sweep.finishedAt !== null) return sweep;
    const scored = places.reduce((sum, place) => sum + place.scored, 0);
    const changed = places.reduce((sum, place) => sum + place.changed, 0);
    const finished = { finishedAt: now, scored, changed };
    await tables<typeof ScoreSweep>(tx).updateTable('ScoreSweep').where('id', '=', sweepId).set(finished).execute();
    await writeScored(tx, [sweep.kind], now);
    const champion = await findChampion(tx, sweep.kind);
    if (champion?.profile != null && (await isMost(tx, champion, scored, now))) await watch(tx, champion, sweep.kind, places, scored, now);
    return { ...sweep, ...finished };
  });
}

/** Fewer customers than this say nothing about all. */
const leastWatched = 500;

/** Those whose scores may have changed are other people than the rest: they stand for all only where they are most of them. */
async function isMost(tx: EntityManager, champion: UsedModel, scored: number, now: Date): Promise<boolean> {
  return scored >= leastWatched && scored * 2 >= (await countCustomers(tx, scoredNow(champion.reads.population), now));
}

async function watch(
  tx: EntityManager,
  champion: UsedModel,
  kind: ScoreName,
  places: readonly SweepPlace[],
  customers: number,
  now: Date,
): Promise<void> {
  const counter = new SpreadCounter(champion.profile ?? {});
  for (const { counted } of places) counter.addCounts(counted);
  const psi = counter.psi();
  await tables<typeof ScoreWatch>(tx)
    .insertInto('ScoreWatch')
    .values({ id: newId(), kind, model: champion.id, at: now, customers, figures: { psi } })
    .execute();
  const moved = Object.entries(psi)
    .filter(([, index]) => index > movedAt)
    .sort(([, a], [, b]) => b - a)
    .map(([name, index]) => `${name === scoreColumn ? 'the score itself' : name} (${index.toFixed(2)})`);
  if (moved.length === 0) await clearAlert(tx, 'score-drift', kind, now);
  else {
    const detail = `Customers are no longer like those that version ${champion.version} of the score ${kind} learnt from: ${moved.slice(0, 5).join(', ')}. Train it again.`;
    await raiseAlert(tx, { kind: 'score-drift', subject: kind, detail }, now);
  }
}

async function lastSweepOf(em: EntityManager, champion: UsedModel, sweep: ScoreSweep): Promise<Date | null> {
  const last = await tables<typeof ScoreSweep>(em)
    .selectFrom('ScoreSweep')
    .select('at')
    .where('kind', '=', sweep.kind)
    .where('model', '=', champion.id)
    .where('finishedAt', 'is not', null)
    .where('id', '<>', sweep.id)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.at ?? null;
}

async function findSweep(em: EntityManager, id: string): Promise<ScoreSweep> {
  const sweep = await tables<typeof ScoreSweep>(em).selectFrom('ScoreSweep').selectAll().where('id', '=', id).executeTakeFirst();
  if (sweep === undefined) throw notFound('sweep', id);
  return sweep;
}
