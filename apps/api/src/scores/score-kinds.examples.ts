const metrics = { auc: 0.84, logLoss: 0.42, brier: 0.14, ece: 0.02, trainedOn: 5634, validatedOn: 1409 };
const at = '2026-03-02T12:00:00.000Z';

export const scoreKindExamples = {
  kinds: {
    items: [
      {
        kind: 'churn',
        title: 'Likelihood of leaving',
        range: { least: 0, most: 1 },
        versions: 2,
        champion: { version: 2, trainedAt: at, promotedAt: at, metrics, auc: { value: 0.84, low: 0.82, high: 0.86 } },
        challenger: null,
        sweep: { at, finishedAt: at, scored: 7043, changed: 211 },
        drift: {
          at,
          customers: 7043,
          state: 'moving',
          moved: [{ feature: 'tenure', title: 'How many months the customer has been one', index: 0.14 }],
        },
      },
    ],
    next: null,
  },
  versions: {
    items: [{ kind: 'churn', version: 2, state: 'champion', metrics, trainedAt: at, promotedAt: at, refusedFor: [], sweptAt: at }],
    next: null,
  },
  version: {
    id: '01995a3e-7c00-7000-8000-000000000002',
    kind: 'churn',
    version: 2,
    state: 'champion',
    metrics,
    predecessorMetrics: metrics,
    trainedAt: at,
    promotedAt: at,
    replaced: 1,
    dataFrom: at,
    dataUntil: at,
    refusedFor: [],
    titles: { contract: 'How long the customer is bound' },
    figures: {
      chosen: 'boosting of shallow trees',
      because: 'its log-loss is the lowest',
      intervals: { auc: { value: 0.84, low: 0.82, high: 0.86 } },
      calibration: [{ predicted: 0.71, happened: 0.69, customers: 141 }],
      drivers: [{ feature: 'contract', moves: 0.8 }],
      dependence: [{ feature: 'contract', points: [{ value: 'month-to-month', score: 0.41, share: 0.55 }] }],
      profit: { profit: 7.1, share: 0.38 },
      thresholds: [{ threshold: 0.5, customers: 310, happened: 205 }],
    },
  },
  crossings: {
    customers: 7043,
    looked: 5000,
    campaigns: [{ key: 'save-at-risk', title: 'Save customers at risk', risesAbove: 0.5, rise: 12, fall: 7 }],
  },
  promoted: { kind: 'churn', version: 2, replaced: 1 },
  rolledBack: { kind: 'churn', version: 1, replaced: 2 },
  sweep: { kind: 'churn', workflowId: 'sweep:churn' },
  distribution: {
    kind: 'churn',
    customers: 7043,
    bins: [
      { from: 0, to: 0.5, customers: 5596 },
      { from: 0.5, to: 1, customers: 1447 },
    ],
    thresholds: [
      {
        campaign: { key: 'save-at-risk', title: 'Save customers at risk', state: 'live' },
        risesAbove: 0.5,
        fallsBelow: 0.4,
        customers: 1447,
        past: { customers: 310, happened: 205 },
      },
    ],
  },
  explanation: {
    customerId: '01995a3e-7c00-7000-8000-000000000001',
    kind: 'churn',
    version: 2,
    scale: 'log-odds',
    value: 0.5,
    stored: { value: 0.5, scoredAt: at },
    base: -0.75,
    contributions: [{ feature: 'contract', title: 'How long the customer is bound', value: 'month-to-month', contribution: 0.65 }],
    remainder: 0.1,
    total: 0,
  },
};
