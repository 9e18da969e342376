import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../persistence/sql.js';
import { notFound, Problem } from '../platform/problem.js';
import { scoreKinds, type ScoreName } from '../scores/kinds/table.js';
import type { Field } from '../segments/fields.js';
import { valueAt } from './features/feature-columns.js';
import type { Features } from './features/feature.js';
import { scoredNow } from './features/population.js';
import { readFeatures, type FeaturePage } from './features/read-features.js';
import { titlesOf } from './features/reason-words.js';
import type { Reasons, ScoresOfAll } from './model/scorer.js';
import { expectChampion } from './registry/champion.js';

/** What a feature adds to the score of a customer. */
export interface Contribution {
  readonly feature: string;
  /** What it is, for a person. */
  readonly title: string;
  readonly value: string | number | boolean | null;
  readonly contribution: number;
}

/** Why a customer has a score, in full: base, contributions and remainder add up to `total`. */
export interface ScoreExplanation {
  readonly customerId: string;
  readonly kind: ScoreName;
  readonly version: number;
  /** A likelihood is explained by its log-odds, which are `total`; an amount is `total` itself. */
  readonly scale: 'log-odds' | 'amount';
  /** As it is computed now. */
  readonly value: number;
  /** As it was stored last; null where it was not. */
  readonly stored: { readonly value: number; readonly scoredAt: Date } | null;
  /** What is expected where nothing is known of a customer. */
  readonly base: number;
  /** All that make a difference, the strongest first. */
  readonly contributions: readonly Contribution[];
  /** What is added beside them, by calibration. */
  readonly remainder: number;
  readonly total: number;
}

/**
 * Computes a customer's score with the champion as of now, with all that makes it up. Nothing is stored.
 * @param fields what attributes are called
 * @throws Problem conflict where the kind has no model or the customer is not scored; not-found where there is no such customer
 */
export async function explainScore(
  em: EntityManager,
  { kind, customerId, fields, now }: { kind: ScoreName; customerId: string; fields: readonly Field[]; now: Date },
): Promise<ScoreExplanation> {
  const champion = await expectChampion(em, kind);
  const { features, population } = champion.reads;
  const page = await readFeatures(em, {
    features: Object.entries(features),
    at: now,
    population: scoredNow(population),
    whom: { ids: [customerId] },
    nextChange: false,
  });
  if (page.rows === 0) throw await whyNotScored(em, kind, customerId, population);
  const stored = await queryOne<{ value: number; scoredAt: Date }>(
    em,
    'select value, scored_at as "scoredAt" from score where customer_id = $1 and kind = $2',
    [customerId, kind],
  );
  const said = {
    customerId,
    kind,
    version: champion.version,
    scale: scoreKinds.get(kind).range === undefined ? 'amount' : 'log-odds',
    stored: stored ?? null,
  } as const;
  const { ofAll } = champion.scorer;
  if (ofAll !== undefined) return { ...said, ...amongAll(await ofAll(em, scoredNow(population), now), customerId) };
  const value = champion.scorer.values(page)[0] ?? NaN;
  if (Number.isNaN(value)) throw notScored(kind, 'lacks what this score is computed from, as a purchase');
  const reasons = champion.scorer.reasons(page);
  const { base } = reasons;
  const remainder = reasons.remainder[0] ?? 0;
  return {
    ...said,
    value,
    base,
    contributions: contributionsOf(reasons, page, features, titlesOf(features, fields)),
    remainder,
    total: base + reasons.contributions.reduce((sum, each) => sum + each, 0) + remainder,
  };
}

/** Of a score that depends on all customers: what is beside the reasons, everybody has. */
function amongAll(
  all: ScoresOfAll,
  customerId: string,
): Pick<ScoreExplanation, 'value' | 'base' | 'contributions' | 'remainder' | 'total'> {
  const row = all.ids.indexOf(customerId);
  const value = all.values[row] ?? NaN;
  const contributions = all.reasonsOf(row).map((reason) => ({ ...reason, title: reason.feature.replaceAll('_', ' ') }));
  const base = value - contributions.reduce((sum, { contribution }) => sum + contribution, 0);
  return { value, base, contributions, remainder: 0, total: value };
}

function contributionsOf(
  { columns, contributions }: Reasons,
  page: FeaturePage,
  features: Features,
  titles: Readonly<Record<string, string>>,
): Contribution[] {
  const byName = new Map(page.columns.map((column) => [column.name, column]));
  return columns
    .map((feature, place) => {
      const column = byName.get(feature);
      const value = column === undefined ? null : valueAt(column, 0);
      const isFlag = Object.hasOwn(features, feature) && features[feature]?.type === 'flag';
      return {
        feature,
        title: titles[feature] ?? feature,
        value: isFlag && value !== null ? value === 1 : value,
        contribution: contributions[place] ?? 0,
      };
    })
    .filter(({ contribution }) => contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

async function whyNotScored(em: EntityManager, kind: ScoreName, customerId: string, population: string | undefined): Promise<Problem> {
  const customer = await queryOne<{ churned: boolean; objected: boolean }>(
    em,
    `select status = 'churned' as churned, objected_at is not null as objected from customer where id = $1 and erased_at is null`,
    [customerId],
  );
  if (customer === undefined) return notFound('customer', customerId);
  const what = customer.objected
    ? 'objects to marketing: nobody who does is scored'
    : customer.churned
      ? 'has churned: only customers are scored'
      : `is not in the population of this score: ${population ?? ''}`;
  return notScored(kind, what);
}

const notScored = (kind: ScoreName, what: string): Problem =>
  new Problem('conflict', `This customer has no score of the kind ${kind}`, [{ where: 'the customer', what }]);
