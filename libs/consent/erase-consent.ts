import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import type { ConsentEvent } from './consent-event.entity.js';
import type { SpokenFor } from '../messaging/contract/opt-out.js';

/**
 * Removes a customer's consent events, and suppresses their addresses permanently: only keyed hashes are kept, so that the same address, in
 * any spelling, is not written to after a later import or registration.
 * @returns how many consent events were removed
 */
export async function eraseConsent(tx: EntityManager, customerId: string, blocked: readonly SpokenFor[], now: Date): Promise<number> {
  await query(
    tx,
    `insert into suppression (id, channel, address_hash, reason, at)
     select uuidv7(), channel, address_hash, 'erased', $3 from unnest($1::text[], $2::text[]) as blocked (channel, address_hash)
     order by channel, address_hash
     on conflict (channel, address_hash) do update set reason = excluded.reason, at = excluded.at`,
    [blocked.map(({ channel }) => channel), blocked.map(({ addressHash }) => addressHash), now],
  );
  const removed = tables<typeof ConsentEvent>(tx).deleteFrom('ConsentEvent').where('customer', '=', customerId);
  return (await removed.returning('id').execute()).length;
}
