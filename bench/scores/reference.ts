import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import { projectFile } from '../../libs/platform/project-file.js';
import type { DataMatrix } from '../../libs/scoring/model/data/data-matrix.js';
import type { BenchReport } from '../report.js';
import { reportQuality } from './quality.js';
import type { Speed, SpeedCase } from './speed.js';
import type { Telco } from './telco.js';

const answer = z.object({
  likelihoods: z.record(z.string(), z.array(z.number())),
  speeds: z.array(z.object({ train: z.number().positive(), score: z.number().positive() })),
});

const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/** A Python with xgboost and scikit-learn: PERENNIAL_PYTHON, or python3. Undefined where they are not installed. */
export function findPython(): string | undefined {
  const python = process.env['PERENNIAL_PYTHON'] ?? 'python3';
  return spawnSync(python, ['-c', 'import xgboost, sklearn']).status === 0 ? python : undefined;
}

/**
 * Measures xgboost and scikit-learn on the same rows, and how fast boosting is beside xgboost, both on one thread and in the processor's
 * time: a ratio of 1 is as fast.
 */
export function measureReference(
  report: BenchReport,
  python: string,
  telco: Telco,
  cases: readonly SpeedCase[],
  own: readonly Speed[],
): void {
  const input = JSON.stringify({
    folds: [...telco.folds],
    cases: cases.map(({ matrix, labels, settings, copies }) => ({ columns: columnsOf(matrix), labels: [...labels], settings, copies })),
  });
  const script = projectFile('bench', 'scores', 'reference.py');
  const run = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 2 ** 30, env: { ...process.env, ...oneThread } });
  if (run.status !== 0) throw new Error(`${python} ${script} failed: ${run.stderr}`);
  const { likelihoods, speeds } = answer.parse(JSON.parse(run.stdout));
  for (const [name, given] of Object.entries(likelihoods)) reportQuality(report, telco, name, Float64Array.from(given));
  cases.forEach(({ name }, index) => {
    const [ours, theirs] = [own[index], speeds[index]];
    if (ours === undefined || theirs === undefined) return;
    report.row(`${name}.xgboost_train`, theirs.train, 'processor seconds');
    report.row(`${name}.xgboost_rows`, theirs.score, 'rows scored a processor second');
    report.row(`${name}.train_ratio_to_xgboost`, ours.train / theirs.train, 'of its time');
    report.row(`${name}.score_ratio_to_xgboost`, ours.score / theirs.score, 'of its rows a second');
  });
}

function columnsOf({ columns }: DataMatrix): object[] {
  return columns.map((column) => ({ type: column.type, values: [...(column.type === 'number' ? column.values : column.codes)] }));
}
