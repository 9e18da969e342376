import type { MikroORM } from '@mikro-orm/postgresql';
import type { Settings } from '../../../../config/settings.js';
import { markMadeUpAnswers } from '../../../../libs/customers/write-customers.js';
import { makeUpMissing } from '../../../../libs/ingestion/generator/make-up-missing.js';
import { importCustomers } from '../../../../libs/ingestion/import/import-customers.js';
import { projectFile } from '../../../../libs/platform/project-file.js';
import { likelihoodsOf } from '../../../../libs/scoring/registry/metrics-in-words.js';
import type { LikelihoodMetrics } from '../../../../libs/scoring/registry/score-model.entity.js';
import { scoreCustomers } from '../../../../libs/scoring/score-customers.js';
import { trainScore } from '../../../../libs/scoring/train-score.js';
import { openContent } from '../../../hosting/open-content.js';
import { withProgress } from '../progress-bar.js';
import { trainMadeScores, type MadeScore } from './made-scores.js';

/** Imports the customers, makes up missing data, trains the scores and scores everyone. */
export async function prepare(
  orm: MikroORM,
  settings: Settings,
  options: { readonly seed: string; readonly customers?: number },
): Promise<{ metrics: LikelihoodMetrics; madeScores: readonly MadeScore[]; seconds: number }> {
  const em = orm.em.fork();
  const now = new Date();
  await openContent(orm, settings.defaultLocale, { now: () => now, realMs: (ms) => ms });
  await withProgress('Importing customers', (onProgress) =>
    importCustomers(em, {
      path: projectFile('data', 'telco-churn.csv.gz'),
      mapping: projectFile('config', 'imports', 'telco.yaml'),
      limit: options.customers,
      now,
      onProgress,
    }),
  );
  await withProgress('Making up names, zones, consents', (onProgress) =>
    makeUpMissing(em, { seed: options.seed, secret: settings.secret, now, onProgress }),
  );
  await markMadeUpAnswers(em);
  const began = performance.now();
  const trained = await withProgress('Training the churn score', (onProgress) =>
    trainScore(em, { kind: 'churn', now, seed: options.seed, onProgress }),
  );
  const metrics = likelihoodsOf(trained.metrics);
  if (metrics === undefined) throw new Error('The churn score is declared as something else than a likelihood');
  process.stderr.write(
    `  on the validation set: AUC ${metrics.auc.toFixed(4)}, log-loss ${metrics.logLoss.toFixed(4)}, calibration error ${metrics.ece.toFixed(4)}\n`,
  );
  await withProgress('Scoring everyone', (onProgress) => scoreCustomers(em, { kind: 'churn', now, onProgress }));
  const madeScores = await trainMadeScores(em, { seed: options.seed, now });
  return { metrics, madeScores, seconds: (performance.now() - began) / 1000 };
}
