import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../../persistence/sql.js';
import type { ScoreName } from '../../scores/kinds/table.js';
import { scoredNow } from '../features/population.js';
import { readFeatures } from '../features/read-features.js';
import { findUsable } from './champion.js';

/** What the next sweep would do if a version were put to use. */
export interface PromotionPreview {
  /** How many have a score now. */
  readonly customers: number;
  /** Of how many of them the new score was computed: all, or a sample. */
  readonly looked: number;
  readonly campaigns: readonly CampaignCrossings[];
}

export interface CampaignCrossings {
  readonly key: string;
  readonly title: string;
  readonly risesAbove: number;
  /** Of those looked at, how many are above the threshold with the new version and not with the present score, and the other way round. */
  readonly rise: number;
  readonly fall: number;
}

const mostLooked = 5_000;

/**
 * Scores customers with a version without storing anything, and counts who would cross the thresholds of campaigns that have not ended.
 * @throws Problem not-found where there is no such version
 */
export async function previewPromotion(em: EntityManager, kind: ScoreName, version: number, now: Date): Promise<PromotionPreview> {
  const model = await findUsable(em, kind, version);
  const customers = (await queryOne<{ count: number }>(em, 'select count(*)::int as count from score where kind = $1', [kind]))?.count ?? 0;
  const present = await sampled(em, kind, customers);
  const { ids, values } = await scoredBy(em, model, [...present.keys()], now);
  const thresholds = await query<{ key: string; title: string; risesAbove: number }>(
    em,
    `select g.key, g.title, t.rises_above as "risesAbove" from score_threshold t join campaign g on g.id = t.campaign_id where t.kind = $1 order by g.key`,
    [kind],
  );
  return {
    customers,
    looked: ids.length,
    campaigns: thresholds.map((threshold) => ({ ...threshold, ...crossed(threshold.risesAbove, ids, values, present) })),
  };
}

async function sampled(em: EntityManager, kind: ScoreName, customers: number): Promise<ReadonlyMap<string, number>> {
  const percent = Math.min(100, (100 * mostLooked) / Math.max(1, customers));
  const rows = await query<{ id: string; value: number }>(
    em,
    `select customer_id as id, value from score tablesample bernoulli ($2) repeatable (1) where kind = $1 limit $3`,
    [kind, percent, mostLooked],
  );
  return new Map(rows.map(({ id, value }) => [id, value]));
}

async function scoredBy(
  em: EntityManager,
  { reads, scorer }: Awaited<ReturnType<typeof findUsable>>,
  customerIds: string[],
  now: Date,
): Promise<{ ids: readonly string[]; values: Float64Array }> {
  if (scorer.ofAll !== undefined) {
    const all = await scorer.ofAll(em, scoredNow(reads.population), now);
    const wanted = new Set(customerIds);
    const rows = [...all.ids.keys()].filter((row) => wanted.has(all.ids[row] ?? ''));
    return { ids: rows.map((row) => all.ids[row] ?? ''), values: Float64Array.from(rows, (row) => all.values[row] ?? NaN) };
  }
  const page = await readFeatures(em, {
    features: Object.entries(reads.features),
    at: now,
    population: scoredNow(reads.population),
    whom: { ids: customerIds.sort() },
    nextChange: false,
  });
  return { ids: page.ids, values: page.rows === 0 ? new Float64Array() : scorer.values(page) };
}

function crossed(threshold: number, ids: readonly string[], values: Float64Array, present: ReadonlyMap<string, number>) {
  let [rise, fall] = [0, 0];
  ids.forEach((id, row) => {
    const [before, after] = [(present.get(id) ?? 0) > threshold, (values[row] ?? 0) > threshold];
    if (after && !before) rise++;
    if (before && !after) fall++;
  });
  return { rise, fall };
}
