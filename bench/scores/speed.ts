import { createRandom } from '../../libs/platform/random.js';
import { binRows, fitBins } from '../../libs/scoring/model/boosting/bins.js';
import type { Ensemble } from '../../libs/scoring/model/boosting/ensemble.js';
import { scoreEnsemble } from '../../libs/scoring/model/boosting/score.js';
import { defaultSettings, type BoostingSettings } from '../../libs/scoring/model/boosting/settings.js';
import { trainBoosting } from '../../libs/scoring/model/boosting/train.js';
import { dataMatrix, numberColumn, pickRows, type DataMatrix } from '../../libs/scoring/model/data/data-matrix.js';
import { leastProcessorSeconds } from './processor-time.js';
import type { Telco } from './telco.js';

/** What boosting learns from for its speed to be measured, and how. */
export interface SpeedCase {
  readonly name: string;
  readonly matrix: DataMatrix;
  readonly labels: Uint8Array;
  readonly settings: BoostingSettings;
  /** How often the rows are scored, one copy after the other. */
  readonly copies: number;
}

/** The telephone company with the settings that were tuned for xgboost; and a larger set of numbers with deep trees. */
export function speedCases({ matrix, labels }: Telco): SpeedCase[] {
  const tuned = { rounds: 350, rate: 0.03, depth: 3, leaves: 8, rowSample: 0.7, columnSample: 0.5, minChildWeight: 5, l2: 2 };
  const deep = { rounds: 100, rate: 0.1, depth: 6, leaves: 64, rowSample: 1, columnSample: 1, minChildWeight: 1, l2: 1 };
  return [
    { name: 'boosting', matrix, labels, settings: { ...defaultSettings, ...tuned }, copies: 20 },
    { name: 'boosting.numbers', ...madeNumbers(50_000, 20), settings: { ...defaultSettings, ...deep }, copies: 2 },
  ];
}

export interface Speed {
  /** Processor seconds to train from columns, bins included. */
  readonly train: number;
  /** Rows scored a processor second, from columns. */
  readonly score: number;
}

const runs = 4;

export function measureSpeed({ matrix, labels, settings, copies }: SpeedCase): Speed {
  const rows = Uint32Array.from(labels.keys());
  let ensemble: Ensemble | undefined;
  const train = leastProcessorSeconds(runs, () => {
    ensemble = trainBoosting(binRows(matrix, fitBins(matrix, settings.bins)), labels, settings, rows).ensemble;
  });
  const trained = ensemble;
  if (trained === undefined) throw new Error('Nothing was trained');
  const many = pickRows(
    matrix,
    Uint32Array.from({ length: rows.length * copies }, (_, row) => row % rows.length),
  );
  return { train, score: many.rows / leastProcessorSeconds(runs, () => scoreEnsemble(trained, many)) };
}

/** Numbers that are skewed as amounts are, and an outcome that depends on some of them together. */
function madeNumbers(rows: number, columns: number): { matrix: DataMatrix; labels: Uint8Array } {
  const random = createRandom('made numbers');
  const values = Array.from({ length: columns }, () => Array.from({ length: rows }, () => -Math.log(1 - random.next())));
  const at = (column: number, row: number): number => values[column]?.[row] ?? 0;
  const labels = Uint8Array.from({ length: rows }, (_, row) => {
    const z = 0.7 * at(0, row) - (at(1, row) > 1 ? 1.5 * at(3, row) : 0) + Math.sin(2 * at(2, row)) - 0.5;
    return random.chance(1 / (1 + Math.exp(-z))) ? 1 : 0;
  });
  return { matrix: dataMatrix(values.map((column, index) => numberColumn(`x${index}`, column))), labels };
}
