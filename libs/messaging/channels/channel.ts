import type { MessageContext } from '../message-context.js';
import type { SendResult } from '../send-result.js';

/** One way to reach a customer: how a message is composed for it, and how it is handed to the provider. */
export interface MessageChannel<Composed = unknown> {
  /** Pure; throws where the template cannot be rendered for this customer. */
  compose(context: MessageContext, now: Date): Composed;
  /** Hands it over, once, and says how that ended, within `sendTimeoutMs`. Never throws. */
  send(composed: Composed): Promise<SendResult>;
  close(): Promise<void>;
}

/** Real milliseconds that a provider has to answer, connecting included. A claim's lease is longer. */
export const sendTimeoutMs = 25_000;
