import type { Answer } from './answers/table.js';

/** The signals that a running journey gets. Ids and kinds only: no history holds personal data. */
export type JourneySignal =
  | { readonly kind: 'response'; readonly answer: Answer; readonly responseId: string }
  | { readonly kind: 'message-failed'; readonly messageId: string; readonly channel: string; readonly why: 'rejected' | 'bounced' | 'late' }
  | { readonly kind: 'customer-changed' }
  /** The customer was erased: the journey ends like a cancelled one. */
  | { readonly kind: 'customer-erased' };
