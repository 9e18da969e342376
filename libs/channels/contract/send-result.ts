import type { ErrorClass } from './provider-errors.js';

/**
 * The result of one submission to a provider. `retry`: certainly not sent. `unknown`: it may have been sent; this is not known until the
 * provider reports. `withheld`: it could not be marked, so it was not sent.
 */
export type SendResult =
  | ({ readonly kind: 'accepted'; readonly providerId: string } & Spent)
  | ({ readonly kind: 'unknown'; readonly errorClass: ErrorClass; readonly errorCode: string } & Spent)
  | { readonly kind: 'rejected' | 'retry'; readonly errorClass: ErrorClass; readonly errorCode: string }
  | { readonly kind: 'withheld' };

/** The cost of a message that was sent, or may have been. */
export interface Spent {
  /** The number of segments of a text. */
  readonly segments?: number;
  /** In thousandths of a minor unit of the campaign's currency. */
  readonly costMilli?: number;
}
