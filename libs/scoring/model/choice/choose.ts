import type { Estimate } from '../quality/gate.js';
import { lossesOf, type Trial } from './trials.js';

/** How a trial did on the tested rows. */
export interface TrialFigures {
  readonly name: string;
  /** Mean log-loss with its 95% interval. */
  readonly logLoss: Estimate;
  /** By how much it is above the lowest, row by row, and the standard error of that difference. */
  readonly above: number;
  readonly error: number;
}

export interface Choice<T> {
  readonly chosen: T;
  readonly figures: readonly TrialFigures[];
  /** A sentence for a person. */
  readonly because: string;
}

/**
 * Takes the simplest trial whose log-loss is within one standard error of the lowest (Breiman et al. 1984: the one-standard-error rule).
 * The error is that of the difference row by row, which is much smaller than that of either log-loss: both are measured on the same rows.
 * @param trials the simplest first; all tested on the same rows
 * @throws RangeError where there is none
 */
export function chooseTrial<T extends Pick<Trial, 'name' | 'logOdds'>>(trials: readonly T[], labels: Uint8Array): Choice<T> {
  const losses = trials.map(({ logOdds }) => lossesOf(logOdds, labels).filter((loss) => !Number.isNaN(loss)));
  const means = losses.map((each) => summary(each).mean);
  const best = means.indexOf(Math.min(...means));
  const figures = trials.map(({ name }, index): TrialFigures => {
    const own = losses[index] ?? new Float64Array();
    const { mean, error } = summary(own);
    const difference = summary(own.map((loss, row) => loss - (losses[best]?.[row] ?? 0)));
    const logLoss = { value: mean, low: mean - 1.96 * error, high: mean + 1.96 * error };
    return { name, logLoss, above: difference.mean, error: difference.error };
  });
  const simplest = figures.findIndex(({ above, error }) => above <= error);
  const chosen = trials[simplest] ?? trials[0];
  if (chosen === undefined) throw new RangeError('There is nothing to choose from');
  return { chosen, figures, because: sentence(figures, simplest, best) };
}

function sentence(figures: readonly TrialFigures[], simplest: number, best: number): string {
  const [taken, lowest] = [figures[simplest], figures[best]];
  if (taken === undefined || lowest === undefined) return '';
  if (simplest === best) return `${taken.name} has the lowest log-loss (${taken.logLoss.value.toFixed(4)})`;
  const difference = `${taken.above.toFixed(4)} above that of ${lowest.name}, with a standard error of ${taken.error.toFixed(4)}`;
  return `${taken.name} is the simplest within one standard error of the best: its log-loss is ${difference}`;
}

function summary(values: Float64Array): { mean: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1) / values.length) };
}
