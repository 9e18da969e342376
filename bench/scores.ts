import type { BenchReport } from './report.js';
import { measureFamilies } from './scores/quality.js';
import { findPython, measureReference } from './scores/reference.js';
import { measureSpeed, speedCases } from './scores/speed.js';
import { readTelco } from './scores/telco.js';

/**
 * The churn score on a telephone company's 7,043 customers (data/README.md): what the product chooses, logistic regression and boosting
 * alone; and, where a Python with them is found, xgboost and scikit-learn on the same rows.
 */
export async function run(report: BenchReport): Promise<void> {
  const telco = await readTelco();
  const cases = speedCases(telco);
  const speeds = cases.map(measureSpeed);
  measureFamilies(report, telco);
  cases.forEach(({ name }, index) => {
    report.row(`${name}.tree_train`, speeds[index]?.train ?? NaN, 'processor seconds');
    report.row(`${name}.tree_rows`, speeds[index]?.score ?? NaN, 'rows scored a processor second');
  });
  const python = findPython();
  if (python === undefined) console.error('xgboost and scikit-learn were not found: PERENNIAL_PYTHON names a Python that has them');
  else measureReference(report, python, telco, cases, speeds);
}
