import type { MessageContext } from './message-context.js';
import type { SendResult } from './send-result.js';

/**
 * Requests the mark of a message. Resolves when it is committed as `submitting`. False: it may not be sent (it was withdrawn, its time has
 * passed, another process claimed it, or the mark could not be committed).
 */
export type Mark = () => Promise<boolean>;

/** One way to reach a customer: how a message is composed for it, and how it is submitted to the provider. */
export interface MessageChannel<Composed = unknown> {
  /** Pure; throws if the template cannot be rendered for this customer. */
  compose(context: MessageContext, now: Date): Composed;
  /**
   * Submits it once, and returns the result, within `sendTimeoutMs` without the wait for the mark. Requests the mark at most once, just
   * before the point after which the provider may have the message. If the mark is refused, nothing is sent and the result is `withheld`.
   * Never throws.
   */
  send(composed: Composed, mark: Mark): Promise<SendResult>;
  /** Asks the provider what happened to a message whose submission had no reply. Only reads; may throw if the provider cannot be reached. */
  lookUp?(sent: SentWithoutAnswer): Promise<LookUp>;
  close(): Promise<void>;
}

/** A message whose submission had no reply. */
export interface SentWithoutAnswer {
  readonly messageId: string;
  readonly context: MessageContext;
  /** When it was marked, in campaign time ... */
  readonly submittedAt: Date;
  /** ... and in real time, as in a provider's records. */
  readonly realSubmittedAt: Date;
  /** The provider's ids that already belong to other messages of ours. */
  readonly knownProviderIds: ReadonlySet<string>;
}

/** What a provider reports about a submitted message. */
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

/** How many real milliseconds a provider has to reply, including the connection. The lease of a claim is longer. */
export const sendTimeoutMs = 25_000;
