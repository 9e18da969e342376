import { metricsInWords } from '../../../../../libs/scoring/registry/metrics-in-words.js';
import type { TrainingReport } from '../../../../../libs/scoring/train-score.js';

/** The result of a training, in sentences. */
export function trainingReport({ version, metrics, findings, refusedFor, promoted, predecessor }: TrainingReport): string {
  const { trainedOn, validatedOn } = metrics;
  const inUse = predecessor === null ? 'No model is in use, so nobody is scored.' : `Version ${predecessor.version} stays in use.`;
  const used = findings.filter(({ found }) => found === 'used').length;
  const measured = validatedOn === 0 ? '' : `, measured on ${validatedOn} others`;
  return [
    `Learnt from ${trainedOn} customers${measured}.${findings.length === 0 ? '' : ` ${used} of ${findings.length} features used as declared.`}`,
    ...findings.filter(({ what }) => what !== '').map(({ feature, found, what }) => `  ${feature} (${found}): ${what}`),
    `Version ${version}${validatedOn === 0 ? '' : ', on the validation set'}: ${metricsInWords(metrics)}`,
    ...(promoted ? ['It is in use now.'] : []),
    ...(refusedFor.length > 0 ? ['It is not used:', ...refusedFor.map((why) => `  ${why}`), inUse] : []),
    ...(!promoted && refusedFor.length === 0 ? [`Its predecessor is better. ${inUse}`] : []),
  ].join('\n');
}
