import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** The answer to a request with an Idempotency-Key, so that the same request again gets the same answer. */
export const IdempotentRequest = defineEntity({
  name: 'IdempotentRequest',
  tableName: 'idempotent_request',
  properties: {
    key: p.text().primary(),
    apiKey: p.uuid().primary(),
    /** Method, path and body, hashed: the same key with another request is a mistake. */
    requestHash: p.text(),
    /** Null while the first request is still being answered. */
    status: p.integer().nullable(),
    body: p.json<unknown>().nullable(),
    createdAt: p.datetime(),
  },
});
export type IdempotentRequest = InferEntity<typeof IdempotentRequest>;
