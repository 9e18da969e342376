import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import type { StoredAnswer } from './idempotency.js';

/** What is said instead of an answer that was about somebody who was erased. */
const gone = { type: 'urn:perennial:problem:erased', title: 'The customer was erased', status: 410, detail: 'The customer was erased' };
export const erasedAnswer: StoredAnswer = { status: gone.status, body: gone };

/**
 * Empties the answers that are kept for repeated requests, where they name any of these. The keys stay, so that what was done once is
 * not done again; but for those that a caller made of the customer's own words.
 * @param ids of the customer and of what belongs to them
 * @param words that say who they are
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
 * Takes words out of alerts. Their sentences are made without personal data; this is for what slipped in from elsewhere.
 * @param words as they stand in the text; short ones, which any text may hold, are passed over
 * @returns how many alerts held one
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

/** Any text may hold a shorter word by chance. */
const shortestIdentifying = 5;
const identifying = (words: readonly string[]): string[] => words.filter((word) => word.length >= shortestIdentifying);
