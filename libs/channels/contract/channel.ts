import type { MessageContext } from './message-context.js';
import type { SendResult } from './send-result.js';

/**
 * Asks that a message be marked. Resolves once it is committed as `submitting`. False: it may not be sent (it was
 * withdrawn, its time has passed, another claimed it, or the mark could not be committed).
 */
export type Mark = () => Promise<boolean>;

/** One way to reach a customer: how a message is composed for it, and how it is handed to the provider. */
export interface MessageChannel<Composed = unknown> {
  /** Pure; throws where the template cannot be rendered for this customer. */
  compose(context: MessageContext, now: Date): Composed;
  /**
   * Hands it over, once, and says how that ended, within `sendTimeoutMs` not counting the wait for the mark. Asks for the
   * mark at most once, just before the point from where on the provider may have the message: where the answer is false,
   * nothing is sent and the result is `withheld`. Never throws.
   */
  send(composed: Composed, mark: Mark): Promise<SendResult>;
  /** Asks the provider what became of a message whose submission was never answered. Only reads; may throw if it is not reachable. */
  lookUp?(sent: SentWithoutAnswer): Promise<LookUp>;
  close(): Promise<void>;
}

/** A message that was submitted and never answered. */
export interface SentWithoutAnswer {
  readonly messageId: string;
  readonly context: MessageContext;
  /** When it was marked, in campaign time ... */
  readonly submittedAt: Date;
  /** ... and in real time, as a provider's records count it. */
  readonly realSubmittedAt: Date;
  /** Ids of the provider that belong to other messages of ours already. */
  readonly knownProviderIds: ReadonlySet<string>;
}

/** What a provider reports of a message that it was given. */
export type DeliveryStatus = 'accepted' | 'delivered' | 'bounced' | 'rejected';

/** What a provider's records say. `unclear`: several match, or it cannot be known (yet). */
export type LookUp =
  | {
      readonly kind: 'found';
      readonly providerId: string;
      readonly status: DeliveryStatus;
      readonly errorCode: string | null;
    }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unclear' };

/** Real milliseconds that a provider has to answer, connecting included. A claim's lease is longer. */
export const sendTimeoutMs = 25_000;
