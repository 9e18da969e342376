import { createHash, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';

/** A key is 32 random bytes, so a fast hash keeps it as well as a slow one would. */
const keyForm = /^pk_[A-Za-z0-9_-]{43}$/;

/**
 * Makes a key to the control API.
 * @returns its id and the key itself, which can never be read again: only its SHA-256 hash is stored
 */
export async function createApiKey(em: EntityManager, name: string, now: Date): Promise<{ readonly id: string; readonly key: string }> {
  const id = newId();
  const key = `pk_${randomBytes(32).toString('base64url')}`;
  await query(em, 'insert into api_key (id, name, hash, created_at) values ($1, $2, $3, $4)', [id, name, hashOf(key), now]);
  return { id, key };
}

/** The id of a key that was made here and not revoked. */
export async function findApiKey(em: EntityManager, key: string): Promise<string | undefined> {
  if (!keyForm.test(key)) return undefined;
  const row = await queryOne<{ id: string }>(em, 'select id from api_key where hash = $1 and revoked_at is null', [hashOf(key)]);
  return row?.id;
}

/** The name of a key, as whoever made it calls it. */
export async function apiKeyName(em: EntityManager, id: string): Promise<string> {
  const row = await queryOne<{ name: string }>(em, 'select name from api_key where id = $1', [id]);
  return row?.name ?? 'a key';
}

/** Revokes a key, and every session that was opened with it. */
export async function revokeApiKey(em: EntityManager, id: string, now: Date): Promise<void> {
  await query(em, 'update api_key set revoked_at = $2 where id = $1 and revoked_at is null', [id, now]);
}

/**
 * Makes the first key where there is none at all. Two processes that start together make one between them.
 * @returns the key, or undefined where one exists
 */
export async function createFirstApiKey(em: EntityManager, now: Date): Promise<string | undefined> {
  return em.transactional(async (tx) => {
    await query(tx, 'lock table api_key in share row exclusive mode');
    if ((await queryOne(tx, 'select 1 from api_key limit 1')) !== undefined) return undefined;
    return (await createApiKey(tx, 'first', now)).key;
  });
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
