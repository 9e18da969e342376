import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A process of the product that runs now, and which publication it uses. One that was killed is still here, and no longer seen. */
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
