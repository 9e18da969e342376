import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../../channels/table.js';

/** The address that an opt-out or an opt-in speaks for. */
export interface SpokenFor {
  readonly channel: Channel;
  readonly addressHash: string;
}

/**
 * What follows, in the same transaction, where a provider says that the owners of addresses opted out with it. Consent is
 * not the ledger's: whoever puts the parts together hands in who keeps it.
 */
export type ProviderOptOut = (tx: EntityManager, addresses: readonly SpokenFor[], now: Date) => Promise<void>;
