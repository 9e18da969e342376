import { createRandom } from '../../platform/random.js';
import { binRows, fitBins } from './boosting/bins.js';
import { defaultSettings, type BoostingSettings } from './boosting/settings.js';
import { chooseCalibration, type CalibrationTrial } from './calibration/calibration.js';
import { chooseTrial, type TrialFigures } from './choice/choose.js';
import { stratifiedFolds, testedRows, type Split } from './choice/splits.js';
import { fitBoosting, fitLinear, tryBlend, tryBoosting, tryLogistic, type LogisticTrial, type Trial } from './choice/trials.js';
import type { Classifier } from './classifier.js';
import { pickRows, shapeOf, type DataMatrix } from './data/data-matrix.js';
import { straightLines, type NumberSettings } from './linear/design.js';
import { sigmoid } from './linear/logistic.js';

export type Family = 'logistic' | 'boosting' | 'blend' | 'best';

export interface TrainingSettings {
  readonly family: Family;
  readonly seed: string;
  /** How numbers are bent in the linear model, where straight lines do not do as well; the others get the defaults. */
  readonly numbers?: Readonly<Record<string, NumberSettings>>;
  /** The penalty of the linear model; chosen by cross-validation where it is not given. */
  readonly l2?: number;
  /** Columns of numbers that may only raise or lower the boosted answer. */
  readonly monotone?: BoostingSettings['monotone'];
  /** What to validate on, such as `forwardSplits`; five stratified folds where it is not given. */
  readonly splits?: readonly Split[];
}

export interface TrainingResult {
  readonly classifier: Classifier;
  readonly chosen: string;
  readonly because: string;
  readonly trials: readonly TrialFigures[];
  readonly calibrationTrials: readonly CalibrationTrial[];
  /** The likelihoods that the chosen way gave to rows that its models had not seen; the calibration, which saw all, is left out. */
  readonly unseen: { readonly rows: Uint32Array; readonly likelihoods: Float64Array };
}

const folds = 5;
/** With fewer of either outcome there is nothing to validate on: everybody gets the base rate. */
const leastOfEither = 10;

/** What boosting is tried with: shallow trees for sums of effects, deeper ones for interactions. */
const boostingSettings: Readonly<Record<string, Partial<BoostingSettings>>> = {
  'boosting of shallow trees': { depth: 3, leaves: 8, columnSample: 0.5 },
  'boosting of deep trees': { depth: 6, leaves: 24, columnSample: 0.7 },
};
const mostRounds = 1000;

/** Of more rows than this, a sample is enough to choose by, as long as it has so many of the rarer outcome. */
const enoughToChoose = 50_000;
const enoughOfEither = 2000;

/**
 * Learns to predict a yes or no: tries the family's ways on rows that they have not seen, takes the simplest of the best, calibrates it
 * on what it answered for these rows, and learns again from all. The same seed gives the same classifier.
 * @param labels 1 where it happened, else 0; one a row
 */
export function trainClassifier(matrix: DataMatrix, labels: Uint8Array, settings: TrainingSettings): TrainingResult {
  const happened = labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(happened, labels.length - happened) < leastOfEither) return baseRate(matrix, happened);
  const sample = sampleToChoose(matrix, labels, settings);
  const trials = triesOf(sample.matrix, sample.labels, sample.splits, settings);
  const { chosen, figures, because } = chooseTrial(trials, sample.labels);
  const rows = testedRows(sample.splits);
  const unseen = Float64Array.from(rows, (row) => chosen.logOdds[row] ?? 0);
  const { calibration, trials: calibrationTrials } = chooseCalibration(
    unseen,
    Uint8Array.from(rows, (row) => sample.labels[row] ?? 0),
    settings.seed,
  );
  return {
    classifier: { ...fitChosen(chosen, matrix, labels), calibration },
    chosen: chosen.name,
    because,
    trials: figures,
    calibrationTrials,
    unseen: { rows: rows.map((row) => sample.rows[row] ?? row), likelihoods: unseen.map(sigmoid) },
  };
}

function triesOfLogistic(matrix: DataMatrix, labels: Uint8Array, splits: readonly Split[], settings: TrainingSettings): LogisticTrial[] {
  const { l2, numbers } = settings;
  const straight = straightLines(matrix, numbers);
  return [
    tryLogistic('logistic regression', matrix, labels, splits, { l2, numbers: straight }),
    tryLogistic('logistic regression with splines', matrix, labels, splits, { l2, numbers }),
  ];
}

/** The ways of a family, the simplest first. */
function triesOf(matrix: DataMatrix, labels: Uint8Array, splits: readonly Split[], settings: TrainingSettings): Trial[] {
  const { family, seed, monotone = {} } = settings;
  const linear = family === 'boosting' ? [] : triesOfLogistic(matrix, labels, splits, settings);
  if (family === 'logistic') return linear;
  const binned = binRows(matrix, fitBins(matrix, defaultSettings.bins));
  const boosted = Object.entries(boostingSettings).map(([name, special]) =>
    tryBoosting(name, binned, labels, splits, { ...defaultSettings, rounds: mostRounds, ...special, monotone, seed: `${seed}:boosting` }),
  );
  if (family === 'boosting') return boosted;
  const blends = [tryBlend(chooseTrial(linear, labels).chosen, chooseTrial(boosted, labels).chosen, labels)];
  return family === 'blend' ? blends : [...linear, ...boosted, ...blends];
}

function fitChosen(trial: Trial, matrix: DataMatrix, labels: Uint8Array): Omit<Classifier, 'calibration'> {
  const shapes = shapeOf(matrix);
  switch (trial.way) {
    case 'logistic':
      return { shapes, base: 0, linear: fitLinear(matrix, labels, trial), boosting: undefined, linearShare: 1 };
    case 'boosting':
      return { shapes, base: 0, linear: undefined, boosting: fitBoosting(matrix, labels, trial.settings), linearShare: 0 };
    case 'blend': {
      const boosting = fitBoosting(matrix, labels, trial.boosting.settings);
      return { shapes, base: 0, linear: fitLinear(matrix, labels, trial.linear), boosting, linearShare: trial.linearShare };
    }
  }
}

interface Sample {
  /** Which rows of all they are. */
  readonly rows: Uint32Array;
  readonly matrix: DataMatrix;
  readonly labels: Uint8Array;
  readonly splits: readonly Split[];
}

function sampleToChoose(matrix: DataMatrix, labels: Uint8Array, { splits, seed }: TrainingSettings): Sample {
  const all = Uint32Array.from(labels.keys());
  if (splits !== undefined) return { rows: all, matrix, labels, splits };
  const happened = labels.reduce((sum, label) => sum + label, 0);
  const share = Math.max(enoughToChoose / labels.length, enoughOfEither / Math.min(happened, labels.length - happened));
  if (share >= 1) return { rows: all, matrix, labels, splits: stratifiedFolds(labels, folds, seed) };
  const random = createRandom(`${seed}:sample`);
  const rows = all.filter(() => random.chance(share));
  const picked = Uint8Array.from(rows, (row) => labels[row] ?? 0);
  return { rows, matrix: pickRows(matrix, rows), labels: picked, splits: stratifiedFolds(picked, folds, seed) };
}

function baseRate(matrix: DataMatrix, happened: number): TrainingResult {
  const base = Math.log((happened + 0.5) / (matrix.rows - happened + 0.5));
  const nothing = { linear: undefined, boosting: undefined, linearShare: 0, calibration: { method: 'none' } } as const;
  return {
    classifier: { shapes: shapeOf(matrix), base, ...nothing },
    chosen: 'base rate',
    because: `it happened to ${happened} of ${matrix.rows}: at least ${leastOfEither} of either are needed to learn a difference`,
    trials: [],
    calibrationTrials: [],
    unseen: { rows: new Uint32Array(), likelihoods: new Float64Array() },
  };
}
