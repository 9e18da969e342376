import type { EntityManager } from '@mikro-orm/postgresql';
import type { Features } from '../../libs/scoring/features/feature.js';
import { registerModel } from '../../libs/scoring/registry/register.js';
import type { ScoreName } from '../../libs/scores/kinds/table.js';
import { testNow } from './factories.js';

/** Puts a model to use by which a likelihood has the log-odds `base + weight x feature`, for the one feature that is given. */
export async function makeLinearModel(
  em: EntityManager,
  { kind = 'churn', features, base = 0, weight = 1 }: { kind?: ScoreName; features: Features; base?: number; weight?: number },
): Promise<string> {
  const [name = ''] = Object.keys(features);
  const effect = { type: 'number', name, knots: [0, 1], logarithm: false, weights: [weight], offset: 0, missing: 0 };
  const model = {
    shapes: [{ type: 'number', name }],
    base,
    linear: { base: 0, effects: [effect] },
    boosting: null,
    linearShare: 1,
    calibration: { method: 'none' },
  };
  const { id } = await registerModel(
    em,
    {
      kind,
      parameters: { form: 'classifier', model, reads: { features } },
      metrics: { auc: 0.7, logLoss: 0.5, brier: 0.2, ece: 0.01, trainedOn: 100, validatedOn: 20 },
      before: null,
      profile: {},
      figures: {},
      declaration: {},
      data: { from: testNow, until: testNow },
      becomes: 'champion',
    },
    testNow,
  );
  return id;
}
