import type { Channel } from '../../channels/table.js';
import type { DeliveryStatus } from '../../channels/contract/channel.js';
import type { ErrorClass } from '../../channels/contract/provider-errors.js';

/** What a provider reports about a message that it was given. */
export interface DeliveryReport {
  /** Those of the provider: what it calls the one that it took may be none that is known here. */
  readonly channels: readonly Channel[];
  readonly providerId: string;
  /** Where the report carries our own id: it finds a message whose submission was never answered. */
  readonly messageId: string | null;
  readonly status: DeliveryStatus;
  readonly errorCode: string | null;
  /** Where there is more than the code: the words of the other server. */
  readonly errorClass?: ErrorClass;
  readonly now: Date;
}
