import { createHash, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { isId, newId } from '../platform/ids.js';
import type { ApiKey } from './api-key.entity.js';

/** A key is 32 random bytes, so a fast hash protects it as well as a slow one. */
const keyForm = /^pk_[A-Za-z0-9_-]{43}$/;

/**
 * Makes a key to the control API.
 * @returns its id and the key itself, which can never be read again: only its SHA-256 hash is stored
 */
export async function createApiKey(em: EntityManager, name: string, now: Date): Promise<{ readonly id: string; readonly key: string }> {
  const id = newId();
  const key = `pk_${randomBytes(32).toString('base64url')}`;
  await keys(em)
    .insertInto('ApiKey')
    .values({ id, name, hash: hashOf(key), createdAt: now })
    .execute();
  return { id, key };
}

/** The id of a key that was made here and is not revoked. */
export async function findApiKey(em: EntityManager, key: string): Promise<string | undefined> {
  if (!keyForm.test(key)) return undefined;
  const row = await keys(em)
    .selectFrom('ApiKey')
    .select('id')
    .where('hash', '=', hashOf(key))
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  return row?.id;
}

/** The name of a key, chosen by its creator. */
export async function apiKeyName(em: EntityManager, id: string): Promise<string> {
  const row = await keys(em).selectFrom('ApiKey').select('name').where('id', '=', id).executeTakeFirst();
  return row?.name ?? 'a key';
}

/** A key as people see it: never the key itself. */
export type ListedApiKey = Pick<ApiKey, 'id' | 'name' | 'createdAt'> & { readonly revokedAt: Date | null };

/** Every key, the oldest first, those that are revoked too. */
export async function listApiKeys(em: EntityManager): Promise<ListedApiKey[]> {
  return keys(em).selectFrom('ApiKey').select(listed).orderBy('id').execute();
}

/** The keys with an id or a name that are not revoked. Several may have one name. */
export async function findApiKeys(em: EntityManager, idOrName: string): Promise<ListedApiKey[]> {
  const found = keys(em).selectFrom('ApiKey').select(listed).where('revokedAt', 'is', null);
  return found
    .where(isId(idOrName) ? 'id' : 'name', '=', idOrName)
    .orderBy('id')
    .execute();
}

const listed = ['id', 'name', 'createdAt', 'revokedAt'] as const;

/** Revokes a key, and every session that was opened with it. */
export async function revokeApiKey(em: EntityManager, id: string, now: Date): Promise<void> {
  await keys(em).updateTable('ApiKey').set({ revokedAt: now }).where('id', '=', id).where('revokedAt', 'is', null).execute();
}

/**
 * Makes the first key if there is none. Two processes that start together make only one.
 * @returns the key, or undefined if one exists
 */
export async function createFirstApiKey(em: EntityManager, now: Date): Promise<string | undefined> {
  return em.transactional(async (tx) => {
    await query(tx, 'lock table api_key in share row exclusive mode');
    if ((await keys(tx).selectFrom('ApiKey').select('id').limit(1).executeTakeFirst()) !== undefined) return undefined;
    return (await createApiKey(tx, 'first', now)).key;
  });
}

const keys = (em: EntityManager) => tables<typeof ApiKey>(em);

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
