import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Enrolment } from './enrolment.entity.js';
import type { JourneySignal } from '../journeys/journey-signal.js';

/**
 * What a running journey has yet to be told, written in the transaction that learnt it. A relay delivers it to the
 * workflow, again and again until that succeeded; the journey ignores an id it has seen.
 */
export const PendingSignal = defineEntity({
  name: 'PendingSignal',
  tableName: 'pending_signal',
  indexes: [
    {
      name: 'pending_signal_open',
      expression: (columns, table, name) => `create index ${name} on ${table.toString()} ("created_at") where delivered_at is null`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    enrolment: p.manyToOne(Enrolment).mapToPk().deleteRule('cascade'),
    signal: p.json<JourneySignal>(),
    createdAt: p.datetime(),
    deliveredAt: p.datetime().nullable(),
  },
});
export type PendingSignal = InferEntity<typeof PendingSignal>;
