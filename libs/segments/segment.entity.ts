import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

/** A named rule over attributes, events and scores. */
export const Segment = defineEntity({
  name: 'Segment',
  tableName: 'segment',
  properties: {
    id: p.uuid().primary(),
    name: p.text().unique(),
    /** A condition in CEL. */
    rule: p.text(),
    createdAt: p.datetime(),
  },
});
export type Segment = InferEntity<typeof Segment>;
