import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { Problem } from '../platform/problem.js';
import type { IdempotentRequest } from './idempotent-request.entity.js';

/** A request with an Idempotency-Key. */
export interface IdempotentCall {
  readonly key: string;
  readonly apiKeyId: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

export interface StoredAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** `perform`: it was not done yet, and the fence proves that this process may do it. `replay`: it was done, with this answer. */
export type Claim = { readonly kind: 'perform'; readonly fence: string } | { readonly kind: 'replay'; readonly answer: StoredAnswer };

/**
 * Claims a call for this process. A key is good for 24 hours; a claim whose process died may be taken over after a minute. These times are
 * real time, independent of the campaign clock, so the database's own clock measures them.
 * @throws Problem `conflict` if the key came with another request, or the first one is still being answered
 */
export async function claimCall(em: EntityManager, call: IdempotentCall): Promise<Claim> {
  const hash = hashOf(call);
  const claimed = await queryOne<{ fence: string }>(
    em,
    `insert into idempotent_request as r (key, api_key, request_hash, created_at) values ($1, $2, $3, clock_timestamp())
     on conflict (key, api_key) do update set request_hash = excluded.request_hash, status = null, body = null, created_at = excluded.created_at
     where r.created_at < clock_timestamp() - interval '24 hours'
        or (r.status is null and r.request_hash = excluded.request_hash and r.created_at < clock_timestamp() - interval '1 minute')
     returning created_at::text as fence`,
    [call.key, call.apiKeyId, hash],
  );
  if (claimed !== undefined) return { kind: 'perform', fence: claimed.fence };
  const stored = await tables<typeof IdempotentRequest>(em)
    .selectFrom('IdempotentRequest')
    .select(['requestHash', 'status', 'body'])
    .where('key', '=', call.key)
    .where('apiKey', '=', call.apiKeyId)
    .executeTakeFirst();
  if (stored !== undefined && stored.requestHash !== hash) {
    throw new Problem('conflict', 'This Idempotency-Key was used for another request', [], 'Use a new key for a new request.');
  }
  if (stored === undefined || stored.status === null) {
    throw new Problem(
      'conflict',
      'The first request with this Idempotency-Key is still being answered',
      [],
      'Try again in a second with the same key.',
    );
  }
  return { kind: 'replay', answer: { status: stored.status, body: stored.body } };
}

/** Stores the answer, unless another process took over the claim in the meantime. */
export async function settleCall(em: EntityManager, call: IdempotentCall, fence: string, answer: StoredAnswer): Promise<void> {
  await query(
    em,
    `update idempotent_request set status = $4, body = $5::jsonb
     where key = $1 and api_key = $2 and created_at = $3::timestamptz`,
    [call.key, call.apiKeyId, fence, answer.status, JSON.stringify(answer.body ?? null)],
  );
}

/** Releases a claim after a failure: nothing was done, so the same key may be used again. */
export async function releaseCall(em: EntityManager, call: IdempotentCall, fence: string): Promise<void> {
  await query(em, 'delete from idempotent_request where key = $1 and api_key = $2 and created_at = $3::timestamptz and status is null', [
    call.key,
    call.apiKeyId,
    fence,
  ]);
}

/** Drops the answers whose 24 hours are over. */
export async function forgetOldCalls(em: EntityManager): Promise<void> {
  await query(em, `delete from idempotent_request where created_at < clock_timestamp() - interval '24 hours'`);
}

function hashOf(call: IdempotentCall): string {
  return createHash('sha256')
    .update(JSON.stringify([call.method, call.path, call.body ?? null]))
    .digest('hex');
}
