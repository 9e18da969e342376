import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../persistence/sql.js';
import { scoreKinds, type ScoreName } from '../../scores/kinds/table.js';
import type { Estimate } from '../model/quality/gate.js';
import { driftStateOf, type DriftState, type WatchFigures } from './drift.js';
import type { ScoreMetrics } from './score-model.entity.js';

/** How the customers of the last whole sweep compare with those that the champion learnt from. */
export interface Drift {
  readonly at: Date;
  readonly customers: number;
  readonly state: DriftState;
  /** The population stability index of each feature, and of the score as `score`; what moved most comes first. */
  readonly moved: readonly { readonly feature: string; readonly index: number }[];
}

/** A kind of score, and what there is of it. */
export interface KindState {
  readonly kind: ScoreName;
  /** How many versions were trained. */
  readonly versions: number;
  /** The version that scores; null where none does. */
  readonly champion: {
    readonly version: number;
    readonly trainedAt: Date;
    readonly promotedAt: Date | null;
    readonly metrics: ScoreMetrics;
    /** Its area under the ROC curve with a 95% interval; null where that was not kept. */
    readonly auc: Estimate | null;
  } | null;
  /** The version that scores in shadow. */
  readonly challenger: number | null;
  /** The latest look at everybody; `finishedAt` is null while it runs. */
  readonly sweep: { readonly at: Date; readonly finishedAt: Date | null; readonly scored: number; readonly changed: number } | null;
  /** Null until a sweep of the champion has looked at most customers. */
  readonly drift: Drift | null;
}

interface Row {
  readonly kind: ScoreName;
  readonly versions: number;
  readonly version: number | null;
  readonly trainedAt: Date;
  readonly promotedAt: Date | null;
  readonly metrics: ScoreMetrics;
  readonly auc: Estimate | null;
  readonly challenger: number | null;
  readonly sweptAt: Date | null;
  readonly finishedAt: Date | null;
  readonly scored: number;
  readonly changed: number;
  readonly watchedAt: Date | null;
  readonly customers: number;
  readonly figures: WatchFigures;
}

/** All kinds of score, in their order, with or without a model. */
export async function listKinds(em: EntityManager): Promise<KindState[]> {
  const rows = await query<Row>(em, statement, [scoreKinds.names]);
  return rows.map((row) => ({
    kind: row.kind,
    versions: row.versions,
    champion:
      row.version === null
        ? null
        : { version: row.version, trainedAt: row.trainedAt, promotedAt: row.promotedAt, metrics: row.metrics, auc: row.auc },
    challenger: row.challenger,
    sweep: row.sweptAt === null ? null : { at: row.sweptAt, finishedAt: row.finishedAt, scored: row.scored, changed: row.changed },
    drift: row.watchedAt === null ? null : driftOf(row.watchedAt, row.customers, row.figures),
  }));
}

function driftOf(at: Date, customers: number, { psi }: WatchFigures): Drift {
  const moved = Object.entries(psi)
    .map(([feature, index]) => ({ feature, index }))
    .sort((a, b) => b.index - a.index);
  return { at, customers, state: driftStateOf(moved[0]?.index ?? 0), moved };
}

const statement = `
select k.kind, (select count(*)::int from score_model m where m.kind = k.kind) as versions,
  c.version, c.trained_at as "trainedAt", c.promoted_at as "promotedAt", c.metrics,
  c.figures -> 'intervals' -> 'auc' as auc,
  (select version from score_model m where m.kind = k.kind and m.state = 'challenger') as challenger,
  s.at as "sweptAt", s.finished_at as "finishedAt", s.scored, s.changed,
  w.at as "watchedAt", w.customers, w.figures
from unnest($1::text[]) with ordinality as k (kind, place)
left join score_model c on c.kind = k.kind and c.state = 'champion'
left join lateral (select * from score_sweep s where s.kind = k.kind order by s.at desc limit 1) s on true
left join lateral (select * from score_watch w where w.kind = k.kind and w.model_id = c.id order by w.at desc limit 1) w on true
order by k.place`;
