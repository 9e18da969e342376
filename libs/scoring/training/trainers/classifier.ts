import type { EntityManager } from '@mikro-orm/postgresql';
import { conflict, Problem } from '../../../platform/problem.js';
import { scoreKinds } from '../../../scores/kinds/table.js';
import type { Features } from '../../features/feature.js';
import type { DataMatrix } from '../../model/data/data-matrix.js';
import { numberSettings } from '../../model/data/number-settings.js';
import { leastOfEither } from '../../model/data/outcome.js';
import { modelForms } from '../../model/forms.js';
import { whyNotUsed } from '../../model/quality/gate.js';
import { auc, brier, ece, logLoss } from '../../model/quality/metrics.js';
import type { Scorer } from '../../model/scorer.js';
import { storeClassifier } from '../../model/stored-classifier.js';
import { trainClassifier, type Family } from '../../model/train-classifier.js';
import { profileOf } from '../../registry/drift.js';
import type { LikelihoodMetrics } from '../../registry/score-model.entity.js';
import { evidenceOf } from '../evidence.js';
import { driversOf, figuresOf } from '../figures.js';
import { lookAtFeatures, type FeatureFinding } from '../findings.js';
import { leaks, missedGates, missedOnUnseen, usableFeatures } from '../gates.js';
import type { LabelledRows } from '../labelled-rows.js';
import { storedAttributes } from '../stored-attributes.js';
import { readTrainingSet, whyLeftOut, type ReadingOfHistory, type TrainingSet } from '../training-set.js';
import type { Trainer } from './trainer.js';

/** A log-loss that is worse by less than this (nats per customer) counts as no worse. */
const noWorse = 0.001;

/**
 * Learns whether something happens. A new model is refused unless it predicts better than chance on customers that it did not learn from, and
 * no feature reveals the outcome. A declared feature that cannot be used is left out and reported.
 */
export const classifier = (family: Family): Trainer => ({
  reads: { target: 'needed', features: 'needed' },
  train: async (tx, { declared, predecessor, now, seed, onProgress }) => {
    const { training, validation, predecessorValidation, findings, cuts } = await readHistory(tx, {
      declared,
      predecessor: predecessor?.reads.features ?? {},
      now,
      onProgress,
    });
    const features = usableFeatures(declared, findings);
    const data = pickFeatures(training, features);
    const trained = trainClassifier(data, labelsOf(training), {
      family,
      seed,
      numbers: numberSettings(features),
      monotone: monotoneOf(features),
      ...(declared.l2 === undefined ? {} : { l2: declared.l2 }),
    });
    const { chosen, because, unseen } = trained;
    const parameters = {
      form: 'classifier',
      model: storeClassifier(trained.classifier),
      reads: { features, population: declared.population },
    };
    const scorer = modelForms.get(parameters.form).read(parameters.model);
    const labels = labelsOf(validation);
    const proof = evidenceOf(
      { likelihoods: scorer.values(validation), labels },
      { likelihoods: unseen.likelihoods, labels: Uint8Array.from(unseen.rows, (row) => training.labels[row] ?? 0) },
      cuts.length === 1,
      mean(training.labels),
    );
    const measured = measure(scorer, validation, training.rows);
    const strongest = driversOf(scorer.reasons(validation)).map(({ feature }) => feature);
    const refusedFor = [
      ...whyNotUsed(proof),
      ...missedOnUnseen(unseen, labelsOf(training)),
      ...leaks(proof, findings, strongest, features),
      ...missedGates(measured, declared.gates),
    ];
    const before = predecessor === undefined ? null : measure(predecessor.scorer, predecessorValidation, predecessor.trainedOn);
    return {
      parameters,
      metrics: { ...measured, proof, findings, refusedFor },
      refusedFor,
      before,
      noWorse: before === null || measured.logLoss <= before.logLoss + noWorse,
      profile: profileOf(data, scorer.values(data)),
      figures: figuresOf(scorer, validation, labels, { chosen, because, seed }),
      data: { from: cuts.at(-1) ?? now, until: now },
    };
  },
});

/** What a score is learnt from. @throws Problem('conflict') where that is too little */
async function readHistory(
  tx: EntityManager,
  reading: ReadingOfHistory,
): Promise<TrainingSet & { readonly findings: readonly FeatureFinding[] }> {
  const { score: kind, target } = reading.declared;
  if (scoreKinds.get(kind).range === undefined)
    throw conflict(
      `${kind} is an amount, and training learns likelihoods`,
      'Declare a model that gives amounts, or post scores of your own: POST /v1/scores.',
    );
  const read = await readTrainingSet(tx, reading);
  const { labels } = read.training;
  const happened = labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(happened, labels.length - happened) < leastOfEither) {
    const where = typeof target === 'object' ? target.event : (target ?? 'target');
    throw new Problem(
      'conflict',
      `There is too little history to train ${kind}`,
      [{ where, what: `is true for ${happened} and false for ${labels.length - happened} customers to learn from` }],
      `At least ${leastOfEither} of each are needed; import ${typeof target === 'object' ? `the events ${where} of the past` : `customers with the attribute ${where}`}`,
    );
  }
  const leftOut = read.withoutHistory.map((feature): FeatureFinding => ({ feature, found: 'no-history', known: 0, what: whyLeftOut }));
  return { ...read, findings: [...lookAtFeatures(read.features, read.training, await storedAttributes(tx)), ...leftOut] };
}

/** The columns of some features, of the rows of more. */
function pickFeatures({ rows, columns }: LabelledRows, features: Features): DataMatrix {
  return { rows, columns: columns.filter(({ name }) => Object.hasOwn(features, name)) };
}

function monotoneOf(features: Features): Readonly<Record<string, 1 | -1>> {
  return Object.fromEntries(
    Object.entries(features).flatMap(([name, feature]) =>
      feature.type === 'number' && feature.monotone !== undefined ? [[name, feature.monotone === 'rising' ? 1 : -1]] : [],
    ),
  );
}

const labelsOf = ({ labels }: LabelledRows): Uint8Array => Uint8Array.from(labels);
const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function measure(scorer: Scorer, examples: LabelledRows, trainedOn: number): LikelihoodMetrics {
  const likelihoods = scorer.values(examples);
  const labels = labelsOf(examples);
  return {
    auc: auc(likelihoods, labels),
    logLoss: logLoss(likelihoods, labels),
    brier: brier(likelihoods, labels),
    ece: ece(likelihoods, labels),
    trainedOn,
    validatedOn: examples.rows,
  };
}
