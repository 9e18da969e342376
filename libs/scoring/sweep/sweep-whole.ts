import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../persistence/sql.js';
import { writeScores, type NewScore } from '../../scores/write-scores.js';
import { scoredNow } from '../features/population.js';
import type { Scorer, ScoresOfAll } from '../model/scorer.js';
import type { UsedModel } from '../registry/champion.js';
import { SpreadCounter } from '../registry/drift.js';
import type { SweepPlace } from './sweep.js';

/** A model in which each score depends on all customers. */
export type WholeModel = UsedModel & { readonly ofAll: NonNullable<Scorer['ofAll']> };

/** How many scores are written in one transaction. */
const pageSize = 5_000;

/**
 * Scores all customers at once, and writes the scores that are others now, page by page. Done again, it writes what is left.
 * @returns where it ended
 */
export async function sweepWhole(em: EntityManager, model: WholeModel, at: Date): Promise<SweepPlace> {
  const all = await model.ofAll(em, scoredNow(model.reads.population), at);
  const counter = new SpreadCounter(model.profile ?? {});
  counter.add({ rows: all.values.length, columns: [] }, all.values);
  let changed = 0;
  for (let start = 0; start < all.ids.length; start += pageSize)
    changed += await em.transactional((tx) => writePage(tx, model, all, start, at));
  return { after: all.ids.at(-1) ?? null, scored: all.ids.length, changed, counted: counter.counted() };
}

async function writePage(tx: EntityManager, { id, kind }: WholeModel, all: ScoresOfAll, start: number, at: Date): Promise<number> {
  const ids = all.ids.slice(start, start + pageSize);
  const stored = await query<{ customerId: string; value: number; reasons: string }>(
    tx,
    `select customer_id as "customerId", value, reasons::text as reasons from score
     where kind = $1 and model_id = $2 and customer_id = any($3::uuid[])`,
    [kind, id, ids],
  );
  const before = new Map(stored.map(({ customerId, ...score }) => [customerId, score]));
  const scores = ids.flatMap((customerId, index): NewScore[] => {
    const value = all.values[start + index] ?? NaN;
    const reasons = all.reasonsOf(start + index);
    const kept = before.get(customerId);
    if (kept?.value === value && isSame(kept.reasons, reasons)) return [];
    return [{ customerId, kind, value, reasons }];
  });
  const written = await writeScores(tx, scores, id, at);
  return written.filter(({ value, previous }) => value !== previous).length;
}

/** PostgreSQL writes the keys of JSON in an order of its own. */
function isSame(stored: string, reasons: NewScore['reasons']): boolean {
  const flat = (all: NewScore['reasons']): string =>
    JSON.stringify(all.map(({ feature, value, contribution }) => [feature, value, contribution]));
  return flat(JSON.parse(stored) as NewScore['reasons']) === flat(reasons);
}
