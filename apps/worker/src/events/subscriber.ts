import type { MikroORM } from '@mikro-orm/postgresql';
import type { WorkflowClient } from '@temporalio/client';
import type { DomainEvent, EventKind } from '../../../../libs/outbox/event-kinds.js';
import type { Clock, ClockRate } from '../../../../libs/platform/clock.js';

/** What a subscriber may use. */
export interface Surroundings {
  readonly orm: MikroORM;
  readonly workflows: WorkflowClient;
  readonly clock: Clock;
  /** What journeys are started with. */
  readonly rate: ClockRate;
  readonly taskQueue: string;
}

/** Hears of one kind of event. It may hear of the same event again, and then does nothing more. What it throws has the event delivered again. */
export type Subscriber<Kind extends EventKind> = (event: DomainEvent<Kind>, around: Surroundings) => Promise<void>;

/** The time at which an event is looked at: never before it happened, though another process's clock may be ahead of this one's. */
export function timeOf({ at }: DomainEvent, { clock }: Surroundings): Date {
  const now = clock.now();
  return now < at ? at : now;
}
