import type { ErrorClass } from './provider-errors.js';

/**
 * How one submission to a provider ended. `retry`: certainly not sent. `unknown`: it may have been sent, and nobody can
 * tell until the provider reports.
 */
export type SendResult =
  | { readonly kind: 'accepted'; readonly providerId: string }
  | { readonly kind: 'rejected' | 'retry' | 'unknown'; readonly errorClass: ErrorClass; readonly errorCode: string };
