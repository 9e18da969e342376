import type { LikelihoodMetrics, ScoreMetrics } from './score-model.entity.js';

/** The figures of a model of likelihoods; undefined where it gives no likelihoods. */
export function likelihoodsOf(metrics: ScoreMetrics): LikelihoodMetrics | undefined {
  const { auc, logLoss, brier, ece } = metrics;
  if (auc === undefined || logLoss === undefined || brier === undefined || ece === undefined) return undefined;
  return { ...metrics, auc, logLoss, brier, ece };
}

/** How good a model is, in a line. */
export function metricsInWords(metrics: ScoreMetrics): string {
  const { amount, network } = metrics;
  const likelihoods = likelihoodsOf(metrics);
  if (likelihoods !== undefined) {
    const { auc, logLoss, ece, proof } = likelihoods;
    const interval = proof === undefined ? '' : ` (${proof.auc.low.toFixed(3)} to ${proof.auc.high.toFixed(3)})`;
    return `AUC ${auc.toFixed(4)}${interval}, log-loss ${logLoss.toFixed(4)}, calibration error ${ece.toFixed(4)}`;
  }
  if (amount !== undefined) {
    const { rankCorrelation, meanError, naiveError, unit, calibrationError } = amount;
    return `rank correlation ${rankCorrelation.toFixed(3)}, off by ${meanError.toFixed(1)} ${unit} (${naiveError.toFixed(1)} if everybody is taken for the average), all together by ${(100 * calibrationError).toFixed(1)}%`;
  }
  return network === undefined ? '' : `${network.ties} ties between ${network.tied} customers`;
}
