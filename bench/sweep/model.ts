import type { EntityManager } from '@mikro-orm/postgresql';
import { createRandom } from '../../libs/platform/random.js';
import { sigmoid } from '../../libs/scoring/model/linear/logistic.js';
import { storeClassifier } from '../../libs/scoring/model/stored-classifier.js';
import { trainClassifier } from '../../libs/scoring/model/train-classifier.js';
import { modelForms } from '../../libs/scoring/model/forms.js';
import { parseScoreDeclaration } from '../../libs/scoring/declaration.js';
import { scoredNow } from '../../libs/scoring/features/population.js';
import { readFeatures, type FeaturePage } from '../../libs/scoring/features/read-features.js';
import { profileOf } from '../../libs/scoring/registry/drift.js';
import { registerModel } from '../../libs/scoring/registry/register.js';

/** Attributes, counts, a sum, a trend and an age, as a company would declare them. */
export const declaration = parseScoreDeclaration(`
score: churn
title: Bench
target: churned_before
features:
  contract: { type: category }
  lines: { type: number, knots: 3 }
  tenure: { type: number, knots: 5 }
  monthly_charge: { type: number, knots: 5 }
  failed_payments_90: { events: payment.failed, count: 90 days }
  minutes_90: { events: usage, sum: minutes, within: 90 days, logarithm: true }
  usage_trend: { events: usage, trend: minutes, within: 60 days, of: 180 days }
  days_since_usage: { events: usage, since_last: true }
  cancel_page_visits: { events: page.viewed, count: 30 days, where: { page: cancel } }
`);

/** How many customers the model learns from. */
const sample = 20_000;

/** Trains boosted trees on a sample whose outcomes are made, and puts them to use. */
export async function trainOnSample(em: EntityManager, now: Date): Promise<void> {
  const features = Object.entries(declaration.features);
  const read = { features, at: now, population: scoredNow(undefined), nextChange: false };
  const page = await readFeatures(em, { ...read, whom: { after: null, upTo: null, most: sample } });
  const { classifier } = trainClassifier(page, madeOutcomes(page), {
    family: 'boosting',
    seed: 'bench',
  });
  const parameters = { form: 'classifier', model: storeClassifier(classifier), reads: { features: declaration.features } };
  await registerModel(
    em,
    {
      kind: 'churn',
      parameters,
      metrics: { auc: 0, logLoss: 0, brier: 0, ece: 0, trainedOn: page.rows, validatedOn: 0 },
      before: null,
      profile: profileOf(page, modelForms.get('classifier').read(parameters.model).values(page)),
      figures: {},
      declaration: {},
      data: { from: now, until: now },
      becomes: 'champion',
    },
    now,
  );
}

/** Failed payments and visits to the cancel page make leaving likelier, tenure less so. */
function madeOutcomes({ rows, columns }: FeaturePage): Uint8Array {
  const random = createRandom('outcomes');
  const of = (name: string, row: number): number => {
    const column = columns.find((each) => each.name === name);
    return column?.type === 'number' ? (column.values[row] ?? 0) || 0 : 0;
  };
  return Uint8Array.from({ length: rows }, (_, row) => {
    const logOdds =
      -2 + of('failed_payments_90', row) + 1.5 * of('cancel_page_visits', row) - of('tenure', row) / 30 + of('usage_trend', row) / 3;
    return Number(random.chance(sigmoid(logOdds)));
  });
}
