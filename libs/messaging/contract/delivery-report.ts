import type { Channel } from '../../channels/table.js';
import type { DeliveryStatus } from '../../channels/contract/channel.js';
import type { ErrorClass } from '../../channels/contract/provider-errors.js';

/** What a provider reports about a submitted message. */
export interface DeliveryReport {
  /** The provider's id, which may not be known here. */
  readonly channels: readonly Channel[];
  readonly providerId: string;
  /** Our own id, if the report has it: it identifies a message whose submission had no reply. */
  readonly messageId: string | null;
  readonly status: DeliveryStatus;
  readonly errorCode: string | null;
  /** The text of the other server, if there is one beside the code. */
  readonly errorClass?: ErrorClass;
  readonly now: Date;
}
