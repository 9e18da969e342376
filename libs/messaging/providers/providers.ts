import type { EntityManager } from '@mikro-orm/postgresql';
import { channels, type Channel } from '../../channels/table.js';
import { query } from '../../persistence/sql.js';
import type { BreakerState } from './provider.entity.js';

/** The state of a channel's provider. Instants are real time. */
export interface ProviderStanding {
  readonly channel: Channel;
  readonly breaker: BreakerState;
  /** When it is tried again; null while it works. */
  readonly retryAt: Date | null;
  readonly trips: number;
  /** It asked to slow down until then; null if it did not. */
  readonly pausedUntil: Date | null;
}

/** One for every channel, in order; a provider that was never used counts as working. */
export async function listProviders(em: EntityManager): Promise<ProviderStanding[]> {
  return query<ProviderStanding>(
    em,
    `select c.channel, coalesce(p.breaker, 'closed') as breaker, case when p.breaker <> 'closed' then p.open_until end as "retryAt",
       coalesce(p.trips, 0) as trips, case when p.refilled_at > clock_timestamp() then p.refilled_at end as "pausedUntil"
     from unnest($1::text[]) with ordinality as c (channel, place) left join provider p on p.channel = c.channel order by c.place`,
    [channels],
  );
}
