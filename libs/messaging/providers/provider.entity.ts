import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { Channel } from '../../channels/table.js';

export const breakerStates = ['closed', 'open', 'probing'] as const;
export type BreakerState = (typeof breakerStates)[number];

/** The state of one channel's provider, for all dispatchers. Its instants are real time, not campaign time. */
export const Provider = defineEntity({
  name: 'Provider',
  tableName: 'provider',
  properties: {
    channel: p.text().$type<Channel>().primary(),
    /** The circuit breaker: `open` sends nothing until `openUntil`, `probing` sends one batch to see. */
    breaker: p.enum(breakerStates).default('closed'),
    openUntil: p.datetime().nullable(),
    /** How often it opened in a row: each time it stays open longer. */
    trips: p.integer().default(0),
    /** Sends that are allowed at `refilledAt`: the bucket of the rate limit that all dispatchers share. */
    tokens: p.double().default(0),
    refilledAt: p.datetime(),
    /** Since when it has been asking to slow down; null after it accepted messages without asking. */
    slowSince: p.datetime().nullable(),
  },
});
export type Provider = InferEntity<typeof Provider>;
