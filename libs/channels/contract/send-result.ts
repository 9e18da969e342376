import type { ErrorClass } from './provider-errors.js';

/**
 * How one submission to a provider ended. `retry`: certainly not sent. `unknown`: it may have been sent, and nobody can
 * be known until the provider reports. `withheld`: it could not be marked, so it was not sent.
 */
export type SendResult =
  | ({ readonly kind: 'accepted'; readonly providerId: string } & Spent)
  | ({ readonly kind: 'unknown'; readonly errorClass: ErrorClass; readonly errorCode: string } & Spent)
  | { readonly kind: 'rejected' | 'retry'; readonly errorClass: ErrorClass; readonly errorCode: string }
  | { readonly kind: 'withheld' };

/** What a message costs that was sent, or may have been. */
export interface Spent {
  /** Of a text, into how many it is split. */
  readonly segments?: number;
  /** In thousandths of a minor unit of the campaign's currency. */
  readonly costMilli?: number;
}
