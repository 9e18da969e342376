import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../../channels/table.js';

/** The address of an opt-out or an opt-in. */
export interface SpokenFor {
  readonly channel: Channel;
  readonly addressHash: string;
}

/**
 * Called in the same transaction when a provider reports that the owners of addresses opted out with it. The ledger does not own consent,
 * so the caller passes in the code that does.
 */
export type ProviderOptOut = (tx: EntityManager, addresses: readonly SpokenFor[], now: Date) => Promise<void>;
