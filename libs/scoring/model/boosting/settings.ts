/** How trees are grown and added up. */
export interface BoostingSettings {
  /** `logistic`: the target is 0 or 1 and the sum is log-odds; `squared`: the target is a value and the sum estimates it. */
  readonly loss: 'logistic' | 'squared';
  /** The number of trees; with early stopping, the most. */
  readonly rounds: number;
  /** What each tree's answer is multiplied by (shrinkage). */
  readonly rate: number;
  /** The most splits between the root and a leaf; at most 10. */
  readonly depth: number;
  /** The most leaves of a tree; the split that gains most is made first. 2^depth or more grows trees level by level, in effect. */
  readonly leaves: number;
  /** The least sum of second derivatives in a leaf: of p (1 - p) for the logistic loss, of rows for the squared one. */
  readonly minChildWeight: number;
  /** L2 penalty on the answer of a leaf. */
  readonly l2: number;
  /** A further L2 penalty where a split is chosen among sets of more than four categories, which could fit chance. */
  readonly categoryL2: number;
  /** What a split must gain at least. */
  readonly minGain: number;
  /** The share of rows that each tree learns from. */
  readonly rowSample: number;
  /** The share of columns that each tree looks at. */
  readonly columnSample: number;
  /** The most bins of a column, one of them for missing values; at most 255. */
  readonly bins: number;
  /** Columns of numbers that may only raise (1) or lower (-1) the answer. */
  readonly monotone: Readonly<Record<string, 1 | -1>>;
  readonly seed: string;
}

export const defaultSettings: BoostingSettings = {
  loss: 'logistic',
  rounds: 300,
  rate: 0.05,
  depth: 4,
  leaves: 16,
  minChildWeight: 5,
  l2: 2,
  categoryL2: 10,
  minGain: 0,
  rowSample: 0.7,
  columnSample: 0.7,
  bins: 255,
  monotone: {},
  seed: 'boosting',
};
