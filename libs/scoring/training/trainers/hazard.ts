import type { EntityManager } from '@mikro-orm/postgresql';
import { minorPerMajor } from '../../../platform/currencies.js';
import { Problem } from '../../../platform/problem.js';
import type { FeatureDeclaration, Features } from '../../features/feature.js';
import { joinColumns } from '../../features/feature-columns.js';
import { countCustomers, learntFromNow } from '../../features/population.js';
import { readFeaturePages } from '../../features/read-features.js';
import { covariatesOf, toCovariates } from '../../lifetime/covariates.js';
import { fitHazard, hazardOfCustomer } from '../../lifetime/hazard.js';
import {
  chargeColumn,
  currencyColumn,
  hazardForm,
  numbersOf,
  tenureColumn,
  wordsOf,
  type HazardValue,
} from '../../lifetime/hazard-form.js';
import { survivalQuality, type Survivals } from '../../lifetime/survival-quality.js';
import { pickRows, type DataMatrix } from '../../model/data/data-matrix.js';
import { leastOfEither } from '../../model/data/outcome.js';
import { proofOf, whyNotUsed } from '../../model/quality/gate.js';
import { profileOf } from '../../registry/drift.js';
import { driversOf } from '../figures.js';
import { rowsWhere, type LabelledRows } from '../labelled-rows.js';
import { isInValidationSet } from '../validation-set.js';
import { whyAmountNotUsed } from './amount-gates.js';
import type { Lesson, Trainer } from './trainer.js';

const usualPenalty = 1;
/** Customers that the hazard is fitted to, and that it is measured on: there is a row for each of their months. */
const mostFitted = 20_000;
const mostMeasured = 4_000;

/** Beside the covariates, what the value is made of. */
const read: Features = {
  [tenureColumn]: { type: 'number', knots: 2, logarithm: false },
  [chargeColumn]: { type: 'number', knots: 2, logarithm: false },
  [currencyColumn]: { type: 'category', same: {} },
};

/**
 * Learns how likely a customer under contract leaves after each month, from how long customers have stayed and whether they left, and what they
 * are worth until then. Who has a tenure was seen from its first month on.
 */
export const hazard: Trainer = {
  gives: ['clv'],
  reads: { target: 'needed', features: 'optional', value: 'needed' },
  train: async (tx, lesson) => {
    const { declared, now } = lesson;
    const { value, features: covariateFeatures } = declared;
    if (value === undefined) throw new Problem('invalid', 'The declaration has no value', [], 'Declare margin, discount and months.');
    const { training, validation } = await readContracts(tx, lesson);
    const covariates = covariatesOf(covariateFeatures, training);
    const fitted = spacedRows(training, mostFitted);
    const model = fitHazard({ covariates: toCovariates(covariates, fitted), ...seen(fitted) }, declared.l2 ?? usualPenalty);
    const stored: HazardValue = { hazard: model, covariates: [...covariates], value, average: averageOf(training) };
    const scorer = hazardForm.read(stored);
    const survivals = survivalsOf(stored, spacedRows(validation, mostMeasured));
    const quality = survivalQuality(survivals);
    const months = customerMonths(survivals);
    const base = mean(customerMonths(survivalsOf(stored, fitted)).labels);
    const refusedFor = [...whyNotUsed(proofOf(months.likelihoods, months.labels, base)), ...whyAmountNotUsed(quality)];
    const reads = { features: readOf(covariateFeatures), population: populationOf(declared.population) };
    return {
      parameters: { form: 'hazard', model: stored, reads },
      metrics: { amount: quality, trainedOn: training.rows, validatedOn: validation.rows, refusedFor },
      refusedFor,
      before: null,
      noWorse: true,
      profile: profileOf(training, scorer.values(training)),
      figures: { drivers: driversOf(scorer.reasons(validation)) },
      data: { from: now, until: now },
    };
  },
};

const readOf = (features: Features): Features => ({ ...features, ...read });

/** Who has no charge or tenure has no value. */
function populationOf(rule: string | undefined): string {
  const known = 'customer.monthly_charge > 0.0 && customer.tenure >= 0';
  return rule === undefined ? known : `(${rule}) && ${known}`;
}

/** Customers under contract, with 1 for who left. @throws Problem('conflict') saying what is missing */
async function readContracts(
  tx: EntityManager,
  { declared, now, onProgress }: Lesson,
): Promise<{ training: LabelledRows; validation: LabelledRows }> {
  const { target, score } = declared;
  if (typeof target !== 'string')
    throw new Problem('invalid', `The score ${score} cannot be trained by hazard`, [
      { where: 'target', what: 'must be the attribute that says who left, as churned_before' },
    ]);
  if (tenureColumn in declared.features)
    throw new Problem('invalid', `The score ${score} cannot be trained by hazard`, [
      { where: 'features.tenure', what: 'is the time that the model counts anyway: leave it out' },
    ]);
  const population = learntFromNow(declared.population);
  const features: [string, FeatureDeclaration][] = Object.entries(readOf(declared.features));
  const total = onProgress === undefined ? 0 : await countCustomers(tx, population, now);
  const pages: { training: LabelledRows[]; validation: LabelledRows[] } = { training: [], validation: [] };
  const known = { tenure: 0, charge: 0 };
  let customers = 0;
  const reading = {
    features,
    at: now,
    population,
    also: (writer: { param(value: unknown, type: string): string }) =>
      ({
        externalId: { from: 'customer', value: 'c.external_id' },
        said: { from: 'customer', value: `c.attributes -> ${writer.param(target, 'text')}` },
        churned: { from: 'customer', value: `c.status = 'churned'` },
      }) as const,
    nextChange: false,
  };
  for await (const page of readFeaturePages(tx, reading, { most: 5_000 })) {
    const { externalId = [], said = [], churned = [] } = page.also;
    const [tenures, charges] = [columnOf(page, tenureColumn), columnOf(page, chargeColumn)];
    const labels = tenures.map((tenure, row) =>
      Number.isNaN(tenure) || !((charges[row] ?? NaN) > 0) ? NaN : Number(churned[row] === true || said[row] === true),
    );
    const validates = (row: number): boolean => isInValidationSet(score, String(externalId[row]));
    pages.training.push(rowsWhere(page, labels, (row) => !validates(row)));
    pages.validation.push(rowsWhere(page, labels, validates));
    known.tenure += count(tenures, (tenure) => !Number.isNaN(tenure));
    known.charge += count(charges, (charge) => charge > 0);
    customers += page.rows;
    onProgress?.(customers, total);
  }
  const [training, validation] = [joined(features, pages.training), joined(features, pages.validation)];
  const left = [training, validation].map(({ labels }) => count(labels, (label) => label === 1));
  const enough =
    Math.min(...left, training.rows - (left[0] ?? 0), validation.rows - (left[1] ?? 0)) >= leastOfEither / 5 &&
    (left[0] ?? 0) >= leastOfEither;
  if (enough) return { training, validation };
  throw new Problem(
    'conflict',
    `There is too little history to train ${score}`,
    [
      { where: 'tenure', what: `is known of ${known.tenure} of ${customers} customers: how many months each has been one` },
      { where: 'monthly_charge', what: `is known of ${known.charge} of ${customers} customers: what each pays a month` },
      {
        where: target,
        what: `is true, or the contract has ended, for ${(left[0] ?? 0) + (left[1] ?? 0)} of the ${training.rows + validation.rows} customers of whom both are known`,
      },
    ],
    `Import tenure, monthly_charge and who left (the attribute ${target}); without contracts, use model: pareto-nbd.`,
  );
}

function joined(features: [string, FeatureDeclaration][], parts: readonly LabelledRows[]): LabelledRows {
  const labels = Float64Array.from(parts.flatMap((part) => [...part.labels]));
  return { ...joinColumns(features, parts), labels };
}

/** A customer with a tenure of 12 months was seen through 12 periods; who left, left at the end of the last one. */
function seen({ rows, columns, labels }: LabelledRows): { from: Uint32Array; through: Uint32Array; left: Uint8Array } {
  const tenures = columnOf({ rows, columns }, tenureColumn);
  const left = Uint8Array.from(labels);
  return {
    from: new Uint32Array(rows).fill(1),
    through: Uint32Array.from(tenures, (tenure, row) => Math.max(tenure, left[row] ?? 0)),
    left,
  };
}

function survivalsOf({ hazard: model, covariates }: HazardValue, rows: LabelledRows): Survivals {
  const { values, columns } = toCovariates(covariates, rows);
  const hazards = Array.from({ length: rows.rows }, (_, row) =>
    hazardOfCustomer(model, values.subarray(row * columns, (row + 1) * columns)),
  );
  return { hazards, ...seen(rows) };
}

/** Each month of each customer: how likely it was that they leave at its end, and whether they did. */
function customerMonths({ hazards, through, left }: Survivals): { likelihoods: number[]; labels: Uint8Array } {
  const likelihoods: number[] = [];
  const labels: number[] = [];
  hazards.forEach((hazardOf, customer) => {
    const last = through[customer] ?? 0;
    for (let period = 1; period <= last; period++) {
      likelihoods.push(hazardOf(period));
      labels.push(period === last ? (left[customer] ?? 0) : 0);
    }
  });
  return { likelihoods, labels: Uint8Array.from(labels) };
}

function averageOf(rows: LabelledRows): HazardValue['average'] {
  const currencies = wordsOf(
    rows.columns.find(({ name }) => name === currencyColumn),
    rows.rows,
  );
  const charges = columnOf(rows, chargeColumn);
  const groups = [...Map.groupBy(currencies.keys(), (row) => currencies[row] ?? '')].sort(([, a], [, b]) => b.length - a.length);
  return {
    tenure: mean(columnOf(rows, tenureColumn)),
    charges: groups.map(([currency, own]) => ({
      currency,
      charge: minorPerMajor(currency) * mean(own.map((row) => charges[row] ?? 0)),
    })),
  };
}

function spacedRows(rows: LabelledRows, most: number): LabelledRows {
  if (rows.rows <= most) return rows;
  const places = Uint32Array.from({ length: most }, (_, index) => Math.floor((index * rows.rows) / most));
  return { ...pickRows(rows, places), labels: Float64Array.from(places, (row) => rows.labels[row] ?? NaN) };
}

const columnOf = ({ rows, columns }: DataMatrix, name: string): Float64Array =>
  numbersOf(
    columns.find((each) => each.name === name),
    rows,
  );
const count = (values: Float64Array, wanted: (value: number) => boolean): number =>
  values.reduce((sum, each) => sum + Number(wanted(each)), 0);
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
