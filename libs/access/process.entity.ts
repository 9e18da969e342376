import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A running process of the product, and which publication it uses. The row of a killed process remains, with an old `seenAt`. */
export const RunningProcess = defineEntity({
  name: 'RunningProcess',
  tableName: 'running_process',
  properties: {
    id: p.uuid().primary(),
    /** `api`, `worker` or `dispatcher`. */
    kind: p.text(),
    host: p.text(),
    pid: p.integer(),
    startedAt: p.datetime(),
    /** By the database's real clock, as `startedAt`. */
    seenAt: p.datetime(),
    /** The version of the publication that it uses. */
    publication: p.integer(),
  },
});
export type RunningProcess = InferEntity<typeof RunningProcess>;
