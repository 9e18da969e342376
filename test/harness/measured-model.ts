import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../../libs/platform/ids.js';
import type { ScoreName } from '../../libs/scores/kinds/table.js';
import { ScoreModel } from '../../libs/scoring/registry/score-model.entity.js';
import { figuresOf } from '../../libs/scoring/training/figures.js';
import { profileOf } from '../../libs/scoring/registry/drift.js';
import { modelForms } from '../../libs/scoring/model/forms.js';
import { dataMatrix } from '../../libs/scoring/model/data/data-matrix.js';
import { createRandom } from '../../libs/platform/random.js';
import { auc, brier, ece, logLoss } from '../../libs/scoring/model/quality/metrics.js';
import { testNow } from './factories.js';

/**
 * Registers a model of two attributes with figures of 400 made-up customers: month-to-month raises the log-odds by 1, and each month of
 * tenure lowers them by 0.1 times `slope`.
 */
export async function makeMeasuredModel(
  em: EntityManager,
  { kind = 'churn', slope = 1, ...columns }: Partial<ScoreModel> & { readonly kind?: ScoreName; readonly slope?: number } = {},
): Promise<ScoreModel> {
  const words = ['month-to-month', 'two-year'];
  const model = {
    shapes: [
      { type: 'number', name: 'tenure' },
      { type: 'category', name: 'contract', words },
    ],
    base: 0,
    linear: {
      base: 0.5,
      effects: [
        { type: 'number', name: 'tenure', knots: [0, 100], logarithm: false, weights: [-10 * slope], offset: 0, missing: 0 },
        { type: 'category', name: 'contract', effects: [1, -1], missing: 0, unseen: 0 },
      ],
    },
    boosting: null,
    linearShare: 1,
    calibration: { method: 'platt', offset: 0.1, slope: 1 },
  };
  const features = { tenure: { type: 'number', knots: 2, logarithm: false }, contract: { type: 'category', same: {} } };
  const scorer = modelForms.get('classifier').read(model);
  const random = createRandom('made customers');
  const rows = dataMatrix([
    { type: 'number', name: 'tenure', values: Float64Array.from({ length: 400 }, () => random.below(40)) },
    { type: 'category', name: 'contract', words, codes: Int32Array.from({ length: 400 }, () => random.below(2)) },
  ]);
  const likelihoods = scorer.values(rows);
  const labels = Uint8Array.from(likelihoods, (likelihood) => Number(random.chance(likelihood)));
  const metrics = {
    auc: auc(likelihoods, labels),
    logLoss: logLoss(likelihoods, labels),
    brier: brier(likelihoods, labels),
    ece: ece(likelihoods, labels),
    trainedOn: 1600,
    validatedOn: 400,
  };
  const row = {
    id: newId(),
    kind,
    version: 1,
    state: 'champion',
    metrics,
    predecessorMetrics: null,
    parameters: { form: 'classifier', model, reads: { features } },
    trainedAt: testNow,
    asks: [],
    declaration: null,
    dataFrom: null,
    dataUntil: testNow,
    promotedAt: testNow,
    replaced: null,
    profile: profileOf(rows, likelihoods),
    figures: {
      ...figuresOf(scorer, rows, labels, { chosen: 'logistic regression', because: 'it is the simplest of the best', seed: 'test' }),
    },
    ...columns,
  } satisfies ScoreModel;
  await em.insert(ScoreModel, row);
  return row;
}
