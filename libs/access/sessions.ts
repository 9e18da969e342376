import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { newId } from '../platform/ids.js';
import type { Session } from './session.entity.js';

/** How long a session lasts at most. */
export const sessionMs = 12 * 3_600_000;

/**
 * Opens a session with an API key, and removes expired ones.
 * @param now real time: a browser's session does not run on the campaign clock
 * @returns the session's id
 */
export async function openSession(em: EntityManager, keyId: string, now: Date): Promise<string> {
  const id = newId();
  const sessions = tables<typeof Session>(em);
  await sessions.deleteFrom('Session').where('endsAt', '<', now).execute();
  await sessions
    .insertInto('Session')
    .values({ id, apiKey: keyId, endsAt: new Date(now.getTime() + sessionMs) })
    .execute();
  return id;
}

/** The id of the key that opened a session, while the session lasts and the key is valid. */
export async function keyOfSession(em: EntityManager, id: string, now: Date): Promise<string | undefined> {
  const row = await queryOne<{ keyId: string }>(
    em,
    `select k.id as "keyId" from session s join api_key k on k.id = s.api_key_id
     where s.id = $1 and s.ends_at > $2 and k.revoked_at is null`,
    [id, now],
  );
  return row?.keyId;
}

/** Ends a session: its cookie, and every copy of it, gives no more access. */
export async function endSession(em: EntityManager, id: string): Promise<void> {
  await tables<typeof Session>(em).deleteFrom('Session').where('id', '=', id).execute();
}
