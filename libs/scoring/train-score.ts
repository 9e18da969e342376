import type { EntityManager } from '@mikro-orm/postgresql';
import { conflict, Problem } from '../platform/problem.js';
import type { Progress } from '../platform/progress.js';
import { scoreKinds, type ScoreName } from '../scores/kinds/table.js';
import type { ScoreDeclaration } from './declaration.js';
import type { Features } from './features/feature.js';
import type { DataMatrix } from './model/data/data-matrix.js';
import { numberSettings } from './model/data/number-settings.js';
import { leastOfEither } from './model/data/outcome.js';
import { modelForms } from './model/forms.js';
import { whyNotUsed } from './model/quality/gate.js';
import { auc, brier, ece, logLoss } from './model/quality/metrics.js';
import type { Scorer } from './model/scorer.js';
import { storeClassifier } from './model/stored-classifier.js';
import { trainClassifier, type Family } from './model/train-classifier.js';
import { findChampion } from './registry/champion.js';
import { profileOf } from './registry/drift.js';
import { lockRegister } from './registry/promote.js';
import { registerModel } from './registry/register.js';
import type { ScoreMetrics } from './registry/score-model.entity.js';
import { publishedDeclaration } from './scores-content.js';
import { evidenceOf } from './training/evidence.js';
import { driversOf, figuresOf } from './training/figures.js';
import { lookAtFeatures, type FeatureFinding } from './training/findings.js';
import { leaks, missedGates, missedOnUnseen, usableFeatures } from './training/gates.js';
import type { LabelledRows } from './training/labelled-rows.js';
import { storedAttributes } from './training/stored-attributes.js';
import { readTrainingSet, whyLeftOut, type ReadingOfHistory, type TrainingSet } from './training/training-set.js';

export interface TrainingReport {
  readonly modelId: string;
  readonly version: number;
  /** On the validation set. */
  readonly metrics: ScoreMetrics;
  /** The previous champion, on the same validation set; null for the first of its kind. */
  readonly predecessor: { readonly version: number; readonly metrics: ScoreMetrics } | null;
  /** Whether the new model is used from now on. */
  readonly promoted: boolean;
  /** What was found out about each declared feature. */
  readonly findings: readonly FeatureFinding[];
  /** Why it must not be used, as sentences; empty if it may be used. */
  readonly refusedFor: readonly string[];
}

/** A log-loss that is worse by less than this (nats per customer) counts as no worse. */
const noWorse = 0.001;

/**
 * Trains a score on the company's own history and registers it with its metrics. One in five customers is in the validation set, by a hash
 * of kind and external id: always the same ones, so every model, old or new, is measured on customers it did not learn from. The new model
 * becomes the champion only if it predicts better than chance there, no feature reveals the outcome, and its log-loss is no worse than its
 * predecessor's. A declared feature that cannot be used is left out and reported. One training of a kind runs at a time; another waits for
 * it. @param seed divides the customers into the folds of the calibration @param declaration what is predicted from which features; the
 * published one if it is not given
 * @throws Problem('conflict') if there is too little history
 */
export async function trainScore(
  em: EntityManager,
  {
    kind,
    now,
    seed,
    declaration,
    onProgress,
  }: { kind: ScoreName; now: Date; seed: string | number; declaration?: ScoreDeclaration; onProgress?: Progress },
): Promise<TrainingReport> {
  const declared = declaration ?? (await publishedDeclaration(em, kind));
  return em.transactional(async (tx) => {
    await lockRegister(tx, kind);
    const predecessor = await findChampion(tx, kind);
    const { training, validation, predecessorValidation, findings, cuts } = await readHistory(tx, {
      declared,
      predecessor: predecessor?.reads.features ?? {},
      now,
      onProgress,
    });
    const features = usableFeatures(declared, findings);
    const data = pickFeatures(training, features);
    const { classifier, chosen, because, unseen } = trainClassifier(data, labelsOf(training), {
      family: familyOf(declared),
      seed: String(seed),
      numbers: numberSettings(features),
      monotone: monotoneOf(features),
      ...(declared.l2 === undefined ? {} : { l2: declared.l2 }),
    });
    const parameters = { form: 'classifier', model: storeClassifier(classifier), reads: { features, population: declared.population } };
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
    const metrics = { ...measured, proof, findings, refusedFor };
    const before = predecessor === undefined ? null : measure(predecessor.scorer, predecessorValidation, predecessor.trainedOn);
    const promoted = refusedFor.length === 0 && (before === null || metrics.logLoss <= before.logLoss + noWorse);
    const { id, version } = await registerModel(
      tx,
      {
        kind,
        parameters,
        metrics,
        before,
        profile: profileOf(data, scorer.values(data)),
        figures: figuresOf(scorer, validation, labels, { chosen, because, seed: String(seed) }),
        declaration: declared,
        data: { from: cuts.at(-1) ?? now, until: now },
        becomes: promoted ? 'champion' : refusedFor.length === 0 ? 'challenger' : 'candidate',
      },
      now,
    );
    return {
      modelId: id,
      version,
      metrics,
      predecessor: predecessor === undefined || before === null ? null : { version: predecessor.version, metrics: before },
      promoted,
      findings,
      refusedFor,
    };
  });
}

/** What a score is learnt from. @throws Problem('conflict') where that is too little */
async function readHistory(
  tx: EntityManager,
  reading: ReadingOfHistory,
): Promise<TrainingSet & { readonly findings: readonly FeatureFinding[] }> {
  const { score: kind, target } = reading.declared;
  if (scoreKinds.get(kind).range === undefined)
    throw conflict(`${kind} is an amount, and training learns likelihoods`, 'Post scores of your own: POST /v1/scores.');
  const read = await readTrainingSet(tx, reading);
  const { labels } = read.training;
  const happened = labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(happened, labels.length - happened) < leastOfEither) {
    const where = typeof target === 'string' ? target : target.event;
    throw new Problem(
      'conflict',
      `There is too little history to train ${kind}`,
      [{ where, what: `is true for ${happened} and false for ${labels.length - happened} customers to learn from` }],
      `At least ${leastOfEither} of each are needed; import ${typeof target === 'string' ? `customers with the attribute ${where}` : `the events ${where} of the past`}`,
    );
  }
  const leftOut = read.withoutHistory.map((feature): FeatureFinding => ({ feature, found: 'no-history', known: 0, what: whyLeftOut }));
  return { ...read, findings: [...lookAtFeatures(read.features, read.training, await storedAttributes(tx)), ...leftOut] };
}

/** The columns of some features, of the rows of more. */
function pickFeatures({ rows, columns }: LabelledRows, features: Features): DataMatrix {
  return { rows, columns: columns.filter(({ name }) => Object.hasOwn(features, name)) };
}

const classifiers: readonly Family[] = ['best', 'logistic', 'boosting', 'blend'];

/** @throws Problem('invalid') where the declared model predicts no yes or no */
function familyOf({ score, model }: ScoreDeclaration): Family {
  const family = classifiers.find((each) => each === model);
  if (family !== undefined) return family;
  throw new Problem('invalid', `The score ${score} cannot be trained by ${model}`, [
    { where: 'model', what: `must be one of ${classifiers.join(', ')}` },
  ]);
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

function measure(scorer: Scorer, examples: LabelledRows, trainedOn: number): ScoreMetrics {
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
