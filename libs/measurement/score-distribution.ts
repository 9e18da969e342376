import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { scoreKinds, type ScoreName } from '../scores/kinds/table.js';
import { pointAt, type ThresholdPoint } from '../scoring/training/thresholds.js';

/** How the latest scores of a kind are spread, and where the thresholds of campaigns stand in it. */
export interface ScoreDistribution {
  readonly kind: ScoreName;
  readonly customers: number;
  /** Of the same width, from the lowest value to the highest; the last one includes its end. */
  readonly bins: readonly { readonly from: number; readonly to: number; readonly customers: number }[];
  readonly thresholds: readonly ScoreThreshold[];
}

export interface ScoreThreshold {
  readonly campaign: { readonly key: string; readonly title: string; readonly state: string };
  readonly risesAbove: number;
  readonly fallsBelow: number;
  /** How many are above it now. */
  readonly customers: number;
  /** Of those that the champion was measured on and who were above it, to how many it happened; null where that was not measured. */
  readonly past: { readonly customers: number; readonly happened: number } | null;
}

const bins = 20;

/** Counts by the index of kind and value. Thresholds are those of campaigns that have not ended. */
export async function scoreDistribution(em: EntityManager, kind: ScoreName): Promise<ScoreDistribution> {
  const { least, most } = scoreKinds.get(kind).range ?? (await boundsOf(em, kind));
  const width = (most - least) / bins;
  const counts = await query<{ bin: number; customers: number }>(
    em,
    `select least($4::int, greatest(1, width_bucket(value, $2::float8, $3::float8, $4::int))) as bin, count(*)::int as customers
     from score where kind = $1 group by 1`,
    // An interval without width has no parts: everybody is in the first.
    [kind, least, most > least ? most : least + 1, bins],
  );
  const byBin = new Map(counts.map(({ bin, customers }) => [bin, customers]));
  return {
    kind,
    customers: counts.reduce((sum, { customers }) => sum + customers, 0),
    bins: Array.from({ length: bins }, (_, bin) => ({
      from: least + bin * width,
      to: least + (bin + 1) * width,
      customers: byBin.get(bin + 1) ?? 0,
    })),
    thresholds: await thresholdsIn(em, kind),
  };
}

async function boundsOf(em: EntityManager, kind: ScoreName): Promise<{ least: number; most: number }> {
  const row = await queryOne<{ least: number | null; most: number | null }>(
    em,
    'select min(value) as least, max(value) as most from score where kind = $1',
    [kind],
  );
  return { least: row?.least ?? 0, most: row?.most ?? 1 };
}

async function thresholdsIn(em: EntityManager, kind: ScoreName): Promise<ScoreThreshold[]> {
  const measured = await queryOne<{ points: readonly ThresholdPoint[] | null }>(
    em,
    `select figures -> 'thresholds' as points from score_model where kind = $1 and state = 'champion'`,
    [kind],
  );
  const rows = await query<Omit<ScoreThreshold, 'past'>>(
    em,
    `select jsonb_build_object('key', g.key, 'title', g.title, 'state', g.state) as campaign, t.rises_above as "risesAbove",
       t.falls_below as "fallsBelow", (select count(*)::int from score s where s.kind = t.kind and s.value > t.rises_above) as customers
     from score_threshold t join campaign g on g.id = t.campaign_id where t.kind = $1 order by t.rises_above, g.key`,
    [kind],
  );
  return rows.map((row) => {
    const point = pointAt(measured?.points ?? [], row.risesAbove);
    return { ...row, past: point === undefined ? null : { customers: point.customers, happened: point.happened } };
  });
}
