import { proofOf, type Proof } from '../model/quality/gate.js';

/** Likelihoods of customers that the models which gave them had not seen, with what happened. */
export interface Judged {
  readonly likelihoods: Float64Array;
  readonly labels: Uint8Array;
}

/**
 * The evidence that a model predicts anything. Where each customer is one row, those of the cross-validation count beside the validation set: a
 * fifth of a thousand customers alone leaves it open whether a sound model is better than chance. Where a customer has a row at each of
 * several dates, their rows say much the same, so only the validation set counts.
 */
export function evidenceOf(validation: Judged, unseen: Judged, oneRowEach: boolean, baseRate: number): Proof {
  const counted = oneRowEach ? [validation, unseen] : [validation];
  return proofOf(
    counted.flatMap(({ likelihoods }) => [...likelihoods]),
    Uint8Array.from(counted.flatMap(({ labels }) => [...labels])),
    baseRate,
  );
}
