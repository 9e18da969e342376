import { Problem } from '../../platform/problem.js';
import type { ScoreDeclaration } from '../declaration.js';
import type { Proof } from '../model/quality/gate.js';
import { logLoss } from '../model/quality/metrics.js';
import type { LikelihoodMetrics } from '../registry/score-model.entity.js';
import { suspiciousAuc, type FeatureFinding } from './findings.js';

/** Which of the declared gates a model does not reach, as sentences. */
export function missedGates({ auc, logLoss: loss, brier, ece }: LikelihoodMetrics, gates: ScoreDeclaration['gates']): string[] {
  const below = (what: string, value: number, least: number | undefined): string[] =>
    least === undefined || value >= least ? [] : [`its ${what} is ${value.toFixed(4)}, and the declaration asks for at least ${least}`];
  const above = (what: string, value: number, most: number | undefined): string[] =>
    most === undefined || value <= most ? [] : [`its ${what} is ${value.toFixed(4)}, and the declaration asks for at most ${most}`];
  return [
    ...below('AUC', auc, gates.auc),
    ...above('log-loss', loss, gates.log_loss),
    ...above('squared error', brier, gates.brier),
    ...above('calibration error', ece, gates.calibration_error),
  ];
}

/**
 * A few customers can look predictable by chance. So the way of learning must also have done better than the base rate on the customers
 * that it was chosen on, each predicted by a model that had not seen them.
 * @param unseen those predictions; none where there were too few customers to try
 */
export function missedOnUnseen(
  { rows, likelihoods }: { readonly rows: Uint32Array; readonly likelihoods: Float64Array },
  labels: Uint8Array,
): string[] {
  if (rows.length === 0) return [];
  const seen = Uint8Array.from(rows, (row) => labels[row] ?? 0);
  const base = seen.reduce((sum, label) => sum + label, 0) / seen.length;
  const gain = logLoss(new Float64Array(seen.length).fill(base), seen) - logLoss(likelihoods, seen);
  return gain > 0 ? [] : ['in cross-validation its likelihoods are no better than the base rate for everybody'];
}

/**
 * The declared features that can be learnt from.
 * @throws Problem('conflict') if there is none
 */
export function usableFeatures({ score, features }: ScoreDeclaration, findings: readonly FeatureFinding[]): ScoreDeclaration['features'] {
  const used = new Set(findings.filter(({ found }) => found === 'used' || found === 'suspicious').map(({ feature }) => feature));
  if (used.size > 0) return Object.fromEntries(Object.entries(features).filter(([name]) => used.has(name)));
  throw new Problem(
    'conflict',
    `None of the declared features of ${score} can be learnt from`,
    findings.map(({ feature, what }) => ({ where: feature, what })),
    `Declare what your customers have, in config/scores/${score}.yaml or a file of your own`,
  );
}

/**
 * A model that is too good to be true has most likely seen the outcome.
 * @param strongest the features that move its scores most, the strongest first
 */
export function leaks(
  { auc: { value } }: Proof,
  findings: readonly FeatureFinding[],
  strongest: readonly string[],
  features: ScoreDeclaration['features'],
): string[] {
  const advice = 'leave it out, or declare it with known_before: true where it is known before';
  const alone = findings.filter(({ found }) => found === 'suspicious').map(({ feature, what }) => `${feature} ${what} Then ${advice}`);
  if (alone.length > 0 || value < suspiciousAuc) return alone;
  if (features[strongest[0] ?? '']?.known_before === true) return [];
  return [
    `it predicts nearly everybody (AUC ${value.toFixed(3)}), which is too good to be true; look at ${strongest.slice(0, 3).join(', ')}: ${advice}`,
  ];
}
