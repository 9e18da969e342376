import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';

/** What is said instead of an answer that was about somebody who was erased. */
const gone = { type: 'urn:perennial:problem:erased', title: 'The customer was erased', status: 410, detail: 'The customer was erased' };

/**
 * Empties the answers that are kept for repeated requests, where they name any of these. The keys stay, so that what was done once is
 * not done again.
 * @param ids of the customer and of what belongs to them
 * @returns how many
 */
export async function eraseAnswers(tx: EntityManager, ids: readonly string[]): Promise<number> {
  const emptied = await query(
    tx,
    `update idempotent_request r set status = 410, body = $2::jsonb
     where r.body is not null and exists (
       select from jsonb_path_query(r.body, 'strict $.** ? (@.type() == "string")', silent => true) as said (value)
       where said.value #>> '{}' = any($1::text[]))
     returning r.key`,
    [ids, JSON.stringify(gone)],
  );
  return emptied.length;
}

/**
 * Takes words out of alerts. Their sentences are made without personal data; this is for what slipped in from elsewhere.
 * @param words as they stand in the text; short ones, which any text may hold, are passed over
 * @returns how many alerts held one
 */
export async function eraseFromAlerts(tx: EntityManager, words: readonly string[]): Promise<number> {
  const telling = words.filter((word) => word.length >= shortestTelling);
  if (telling.length === 0) return 0;
  const changed = await query(
    tx,
    `update alert a set detail = 'What this said named a customer who was erased.'
     where exists (select from unnest($1::text[]) as word where position(lower(word) in lower(a.detail)) > 0) returning id`,
    [telling],
  );
  return changed.length;
}

const shortestTelling = 5;
