import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import type { StoredAnswer } from './idempotency.js';

/** Replaces an answer about an erased customer. */
const gone = { type: 'urn:perennial:problem:erased', title: 'The customer was erased', status: 410, detail: 'The customer was erased' };
export const erasedAnswer: StoredAnswer = { status: gone.status, body: gone };

/**
 * Empties the stored answers for repeated requests that contain any of these ids or words. The keys stay, so that nothing is done twice,
 * except keys that a caller made from the customer's own words.
 * @param ids of the customer and of their rows
 * @param words that identify the customer
 * @returns how many
 */
export async function eraseAnswers(tx: EntityManager, ids: readonly string[], words: readonly string[]): Promise<number> {
  const emptied = await query<{ key: string }>(
    tx,
    `update idempotent_request r set status = 410, body = $2::jsonb
     where r.body is not null and exists (
       select from jsonb_path_query(r.body, 'strict $.** ? (@.type() == "string")', silent => true) as said (value)
       where said.value #>> '{}' = any($1::text[]))
     returning r.key`,
    [ids, JSON.stringify(gone)],
  );
  const removed = await query<{ key: string }>(
    tx,
    `delete from idempotent_request where exists (select from unnest($1::text[]) as word where position(lower(word) in lower(key)) > 0)
     returning key`,
    [identifying(words)],
  );
  return new Set([...emptied, ...removed].map(({ key }) => key)).size;
}

/**
 * Removes words from alerts. Alerts are written without personal data; this removes what came in by mistake.
 * @param words as they are in the text; short ones, which any text may contain, are skipped
 * @returns how many alerts contained one
 */
export async function eraseFromAlerts(tx: EntityManager, words: readonly string[]): Promise<number> {
  const changed = await query(
    tx,
    `update alert a set detail = 'What this said named a customer who was erased.'
     where exists (select from unnest($1::text[]) as word where position(lower(word) in lower(a.detail)) > 0) returning id`,
    [identifying(words)],
  );
  return changed.length;
}

/** Any text may contain a shorter word by chance. */
const shortestIdentifying = 5;
const identifying = (words: readonly string[]): string[] => words.filter((word) => word.length >= shortestIdentifying);
