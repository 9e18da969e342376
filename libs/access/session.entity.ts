import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { ApiKey } from './api-key.entity.js';

/** A browser's session with the console. The row is the session: it ends when the row is gone. */
export const Session = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    id: p.uuid().primary(),
    apiKey: p.manyToOne(ApiKey).mapToPk().deleteRule('cascade'),
    /** Real time. */
    endsAt: p.datetime().index(),
  },
});
export type Session = InferEntity<typeof Session>;
