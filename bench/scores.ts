import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { loadMapping } from '../libs/ingestion/import/mapping.js';
import { readCustomers } from '../libs/ingestion/import/read-customers.js';
import { projectFile } from '../libs/platform/project-file.js';
import { readScoreDeclaration, type ScoreDeclaration } from '../libs/scoring/declaration.js';
import { toFeatureRow, type FeatureRow } from '../libs/scoring/model/features.js';
import { auc, brier, ece, logLoss } from '../libs/scoring/model/metrics.js';
import { scoreRows, trainScoreFunction } from '../libs/scoring/model/score-function.js';
import type { BenchReport } from './report.js';

interface Example {
  readonly row: FeatureRow;
  readonly label: number;
  readonly fold: number;
}

const reasonCount = 4;

/**
 * The churn score on a telephone company's 7,043 customers (data/README.md): trained on four fifths, measured on the other fifth, five
 * times. The whole way: import, declaration, training with calibration.
 */
export async function run(report: BenchReport): Promise<void> {
  const declaration = await readScoreDeclaration(projectFile('config', 'scores', 'churn.yaml'));
  const examples = await readExamples(declaration.target);
  const folds = [...new Set(examples.map((example) => example.fold))];
  const measured = folds.map((fold) => measureFold(declaration, examples, fold));
  const mean = (figure: (fold: Measured) => number): number => measured.reduce((sum, fold) => sum + figure(fold), 0) / measured.length;
  const likelihoods = measured.flatMap((fold) => fold.likelihoods);
  const labels = measured.flatMap((fold) => fold.labels);
  report.row('telco.customers', examples.length, 'customers');
  report.row(
    'telco.auc',
    mean((fold) => auc(fold.likelihoods, fold.labels)),
    'area, mean of 5 folds',
  );
  report.row(
    'telco.log_loss',
    mean((fold) => logLoss(fold.likelihoods, fold.labels)),
    'nats, mean of 5 folds',
  );
  report.row(
    'telco.brier',
    mean((fold) => brier(fold.likelihoods, fold.labels)),
    'squared error, mean of 5 folds',
  );
  // In one fold of 1,409 customers even perfect likelihoods show an error of .02 by chance; so it is taken over all five.
  report.row('telco.ece', ece(likelihoods, labels), 'likelihood, 10 bins, all folds together');
  report.row(
    'telco.ece_fold',
    mean((fold) => ece(fold.likelihoods, fold.labels)),
    'likelihood, 10 bins, mean of 5 folds',
  );
  report.row(
    'telco.train',
    mean((fold) => fold.trainSeconds),
    'seconds a fold',
  );
  report.row(
    'telco.score',
    mean((fold) => fold.labels.length / fold.scoreSeconds),
    'customers a second, with reasons',
  );
}

interface Measured {
  readonly likelihoods: readonly number[];
  readonly labels: readonly number[];
  readonly trainSeconds: number;
  readonly scoreSeconds: number;
}

/** Learns from every other fold, with the calibration inside, and scores this one. */
function measureFold(declaration: ScoreDeclaration, examples: readonly Example[], fold: number): Measured {
  const seen = examples.filter((example) => example.fold !== fold);
  const unseen = examples.filter((example) => example.fold === fold);
  const start = performance.now();
  const labels = Uint8Array.from(seen, (example) => example.label);
  const model = trainScoreFunction(declaration, { rows: seen.map((example) => example.row), labels }, 'bench');
  const trained = performance.now();
  const scored = scoreRows(
    model,
    unseen.map((example) => example.row),
    reasonCount,
  );
  const applied = performance.now();
  return {
    likelihoods: scored.map((each) => each.value),
    labels: unseen.map((example) => example.label),
    trainSeconds: (trained - start) / 1000,
    scoreSeconds: (applied - trained) / 1000,
  };
}

async function readExamples(target: string): Promise<Example[]> {
  const foldOf = await readFolds();
  const mapping = await loadMapping(projectFile('config', 'imports', 'telco.yaml'));
  const examples: Example[] = [];
  for await (const read of readCustomers({ path: projectFile('data', 'telco-churn.csv.gz') }, mapping)) {
    if ('reason' in read) throw new Error(`Line ${read.line} of the data cannot be read: ${read.reason}`);
    const fold = foldOf.get(examples.length);
    if (fold === undefined) throw new Error(`Line ${read.line} of the data has no fold`);
    const row = toFeatureRow(read.customer);
    examples.push({ row, label: row[target] === true ? 1 : 0, fold });
  }
  return examples;
}

/** The folds by row, from 0. */
async function readFolds(): Promise<Map<number, number>> {
  const text = gunzipSync(await readFile(projectFile('data', 'telco-folds.csv.gz')));
  const rows: { row: string; fold: string }[] = parse(text, { columns: true });
  return new Map(rows.map(({ row, fold }) => [Number(row), Number(fold)]));
}
