import { explain, likelihoodsOf } from '../../libs/scoring/model/classifier.js';
import { pickRows } from '../../libs/scoring/model/data/data-matrix.js';
import { auc, brier, ece, logLoss } from '../../libs/scoring/model/quality/metrics.js';
import { expectedMaximumProfit } from '../../libs/scoring/model/quality/profit.js';
import { trainClassifier, type Family } from '../../libs/scoring/model/train-classifier.js';
import type { BenchReport } from '../report.js';
import { processorSeconds } from './processor-time.js';
import { foldCount, rowsOfFold, type Telco } from './telco.js';

/** The product's own way on the telephone company: trained on four fifths, measured on the fifth that it has not seen, five times over. */
export function measureFamilies(report: BenchReport, telco: Telco): void {
  report.row('telco.customers', telco.labels.length, 'customers');
  measureFamily(report, telco, 'best', 'telco');
  measureFamily(report, telco, 'logistic', 'logistic');
  measureFamily(report, telco, 'boosting', 'boosting');
}

function measureFamily(report: BenchReport, telco: Telco, family: Family, name: string): void {
  const likelihoods = new Float64Array(telco.labels.length);
  let trainSeconds = 0;
  let scoreSeconds = 0;
  for (let fold = 0; fold < foldCount; fold++) {
    const { seen, unseen } = rowsOfFold(telco, fold);
    const [learn, test] = [pickRows(telco.matrix, seen), pickRows(telco.matrix, unseen)];
    const labels = Uint8Array.from(seen, (row) => telco.labels[row] ?? 0);
    const training = processorSeconds(() => trainClassifier(learn, labels, { family, seed: 'bench', numbers: telco.numbers }));
    const { classifier } = training.result;
    const scoring = processorSeconds(() => {
      explain(classifier, test);
      return likelihoodsOf(classifier, test);
    });
    unseen.forEach((row, place) => (likelihoods[row] = scoring.result[place] ?? 0));
    trainSeconds += training.seconds;
    scoreSeconds += scoring.seconds;
  }
  reportQuality(report, telco, name, likelihoods);
  report.row(`${name}.train`, trainSeconds / foldCount, 'processor seconds a fold, choice and calibration included');
  report.row(`${name}.score`, telco.labels.length / scoreSeconds, 'customers a processor second, with reasons');
}

/** The figures of likelihoods that were given to rows that the model had not seen. */
export function reportQuality(report: BenchReport, telco: Telco, name: string, likelihoods: Float64Array): void {
  const mean = (figure: (own: Float64Array, labels: Uint8Array) => number): number => {
    let sum = 0;
    for (let fold = 0; fold < foldCount; fold++) {
      const { unseen } = rowsOfFold(telco, fold);
      sum += figure(
        Float64Array.from(unseen, (row) => likelihoods[row] ?? 0),
        Uint8Array.from(unseen, (row) => telco.labels[row] ?? 0),
      );
    }
    return sum / foldCount;
  };
  report.row(`${name}.auc`, mean(auc), 'area, mean of 5 folds');
  report.row(`${name}.log_loss`, mean(logLoss), 'nats, mean of 5 folds');
  report.row(`${name}.brier`, mean(brier), 'squared error, mean of 5 folds');
  // In one fold of 1,409 customers even perfect likelihoods show an error of .02 by chance; so it is taken over all five.
  report.row(`${name}.ece`, ece(likelihoods, telco.labels), 'likelihood, 10 bins, all folds together');
  report.row(
    `${name}.profit`,
    mean((own, labels) => expectedMaximumProfit(own, labels).profit),
    'expected maximum profit a customer, mean of 5 folds',
  );
}
