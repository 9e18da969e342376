import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../../../persistence/sql.js';
import { minorPerMajor } from '../../../platform/currencies.js';
import { Problem } from '../../../platform/problem.js';
import type { Features } from '../../features/feature.js';
import { joinColumns } from '../../features/feature-columns.js';
import { knownAt } from '../../features/population.js';
import { readFeaturePages } from '../../features/read-features.js';
import { expectedSpend } from '../../lifetime/gamma-gamma.js';
import { currencyColumn, wordsOf } from '../../lifetime/hazard-form.js';
import { fitLifetime, type LifetimeModel } from '../../lifetime/lifetime-value.js';
import { paretoNbdExpectedOf } from '../../lifetime/pareto-nbd.js';
import type { ValuedHistories } from '../../lifetime/purchase-histories.js';
import { factorsOf, historiesOf, purchaseFeatures, purchasesForm, type PurchasesValue } from '../../lifetime/purchases-form.js';
import type { PurchaseSettings, ValueSettings } from '../../lifetime/value-settings.js';
import { midranks } from '../../model/quality/metrics.js';
import { profileOf } from '../../registry/drift.js';
import type { AmountQuality } from '../../registry/score-model.entity.js';
import { driversOf } from '../figures.js';
import { rowsWhere, type LabelledRows } from '../labelled-rows.js';
import { outcomeAfter } from '../outcome.js';
import { whyAmountNotUsed } from './amount-gates.js';
import type { Lesson, Trainer } from './trainer.js';

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
/** The last part of the history is predicted by a model of what was before. */
const measuredShare = 1 / 3;
const leastWeeks = 12;
const leastCustomers = 100;

/**
 * Learns from purchases how likely customers are still active, how often they buy and how much they spend. It is measured on the last third of
 * the history, at most as long as the score looks ahead, by a model of what was before; what is kept is then learnt from all of it.
 */
export const paretoNbd: Trainer = {
  gives: ['clv'],
  reads: { purchases: 'needed', value: 'needed' },
  train: async (tx, lesson) => {
    const { declared, now } = lesson;
    const { purchases, value, score } = declared;
    if (purchases === undefined || value === undefined)
      throw new Problem('invalid', 'The declaration has no purchases or no value', [], 'Declare both.');
    const first = await firstPurchase(tx, score, purchases, now);
    const aheadMs = Math.min((now.getTime() - first.getTime()) * measuredShare, (value.months / 12) * 365.25 * dayMs);
    const features = purchaseFeatures(purchases);
    const before = await readHistories(tx, lesson, { features, at: new Date(now.getTime() - aheadMs), purchases, aheadMs });
    const all = await readHistories(tx, lesson, { features, at: now, purchases, aheadMs: 0 });
    const quality = measure(fit(historiesOf(before), score, purchases), before, aheadMs / weekMs);
    const model: PurchasesValue = withAverages(fit(historiesOf(all), score, purchases), value, all);
    const scorer = purchasesForm.read(model);
    const refusedFor = whyAmountNotUsed(quality);
    return {
      parameters: { form: 'purchases', model, reads: { features, population: declared.population } },
      metrics: { amount: quality, trainedOn: all.rows, validatedOn: before.rows, refusedFor },
      refusedFor,
      before: null,
      noWorse: true,
      profile: profileOf(all, scorer.values(all)),
      figures: { drivers: driversOf(scorer.reasons(all)) },
      data: { from: first, until: now },
    };
  },
};

/** @throws Problem('conflict') where there is none, or the first is too late to learn from */
async function firstPurchase(tx: EntityManager, score: string, { events }: PurchaseSettings, now: Date): Promise<Date> {
  const row = await queryOne<{ first: Date | null }>(tx, 'select min(at) as first from customer_event where kind = $1 and at <= $2', [
    events,
    now,
  ]);
  const first = row?.first ?? null;
  if (first !== null && now.getTime() - first.getTime() >= leastWeeks * weekMs) return first;
  const what = first === null ? `no event ${events} was recorded` : `the first event ${events} is of ${first.toISOString().slice(0, 10)}`;
  throw new Problem(
    'conflict',
    `There is too little history to train ${score}`,
    [{ where: 'purchases', what: `${what}, and at least ${leastWeeks} weeks of purchases are needed` }],
    'Import the purchases of the past with the times at which they happened.',
  );
}

interface Wanted {
  readonly features: Features;
  readonly at: Date;
  readonly purchases: PurchaseSettings;
  /** How far ahead what they spent is wanted too. */
  readonly aheadMs: number;
}

/** Who had bought by an instant, with what they spent later. */
async function readHistories(tx: EntityManager, { declared, onProgress }: Lesson, wanted: Wanted): Promise<LabelledRows> {
  const { events, amount, where } = wanted.purchases;
  const features = Object.entries(wanted.features);
  const target = { event: events, within: wanted.aheadMs, sum: amount, where };
  const reading = {
    features,
    at: wanted.at,
    population: knownAt(declared.population),
    also: (writer: Parameters<typeof outcomeAfter>[1]) => ({ spent: outcomeAfter(target, writer) }),
    nextChange: false,
  };
  const parts: LabelledRows[] = [];
  let read = 0;
  for await (const page of readFeaturePages(tx, reading, { most: 5_000 })) {
    const { frequency } = historiesOf(page);
    const labels = Float64Array.from(page.also['spent'] ?? [], Number);
    parts.push(rowsWhere(page, labels, (row) => !Number.isNaN(frequency[row] ?? NaN)));
    read += page.rows;
    onProgress?.(read, read);
  }
  return { ...joinColumns(features, parts), labels: Float64Array.from(parts.flatMap((part) => [...part.labels])) };
}

function fit(histories: ValuedHistories, score: string, { events, amount }: PurchaseSettings): LifetimeModel {
  const again = histories.frequency.reduce((sum, count) => sum + Number(count > 0), 0);
  const paid = histories.meanAmount.reduce((sum, each) => sum + Number(each > 0), 0);
  const places = [
    { where: 'purchases', what: `${again} of ${histories.frequency.length} customers have more than one event ${events}` },
    { where: 'purchases.amount', what: `${paid} of them have a number ${amount} in these events` },
  ];
  const unlearnt = (hint: string): Problem => new Problem('conflict', `There is too little history to train ${score}`, places, hint);
  if (Math.min(again, paid) < leastCustomers)
    throw unlearnt(`At least ${leastCustomers} customers who bought again are needed, with amounts.`);
  try {
    return fitLifetime(histories);
  } catch (error) {
    if (error instanceof RangeError) throw unlearnt(error.message);
    throw error;
  }
}

/** What was predicted of each customer within so many weeks, against what they spent then, in minor units. */
function measure(model: LifetimeModel, rows: LabelledRows, weeks: number): AmountQuality {
  const { frequency, recency, age, meanAmount } = historiesOf(rows);
  const scales = currenciesOf(rows).map(minorPerMajor);
  const predicted = frequency.map((count, row) => {
    const history = { frequency: count, recency: recency[row] ?? 0, age: age[row] ?? 0 };
    return (
      (scales[row] ?? 0) * paretoNbdExpectedOf(model.purchases, history, weeks) * expectedSpend(model.spend, count, meanAmount[row] ?? 0)
    );
  });
  const observed = rows.labels.map((amount, row) => amount * (scales[row] ?? 0));
  const naive = mean(observed);
  const error = (of: (row: number) => number): number => mean(observed.map((amount, row) => Math.abs(amount - of(row))));
  return {
    rankCorrelation: correlation(midranks(predicted), midranks(observed)),
    meanError: error((row) => predicted[row] ?? 0),
    naiveError: error(() => naive),
    unit: 'minor units',
    calibrationError: naive === 0 ? Infinity : Math.abs(mean(predicted) / naive - 1),
  };
}

function withAverages(model: LifetimeModel, value: ValueSettings, rows: LabelledRows): PurchasesValue {
  const { frequency, recency, age, meanAmount } = historiesOf(rows);
  const all = Array.from(frequency, (count, row) =>
    factorsOf({ ...model, value }, { frequency: count, recency: recency[row] ?? 0, age: age[row] ?? 0 }, meanAmount[row] ?? 0),
  );
  const counts = [...Map.groupBy(currenciesOf(rows), (each) => each)].sort(([, a], [, b]) => b.length - a.length);
  return {
    ...model,
    value,
    average: {
      alive: mean(all.map(({ alive }) => alive)),
      bought: mean(all.map(({ bought }) => bought)),
      spend: mean(all.map(({ spend }) => spend)),
    },
    currency: counts[0]?.[0] ?? '',
  };
}

const currenciesOf = ({ rows, columns }: LabelledRows): string[] =>
  wordsOf(
    columns.find(({ name }) => name === currencyColumn),
    rows,
  );
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

function correlation(one: Float64Array, other: Float64Array): number {
  const [a, b] = [mean(one), mean(other)];
  const sum = (of: (row: number) => number): number => one.reduce((total, _, row) => total + of(row), 0);
  const both = sum((row) => ((one[row] ?? 0) - a) * ((other[row] ?? 0) - b));
  const spread = Math.sqrt(sum((row) => ((one[row] ?? 0) - a) ** 2) * sum((row) => ((other[row] ?? 0) - b) ** 2));
  return spread === 0 ? 0 : both / spread;
}
