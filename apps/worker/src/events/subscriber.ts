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

/** Handles one kind of event. It may get the same event again, and then does nothing more. If it throws, the event is delivered again. */
export type Subscriber<Kind extends EventKind> = (event: DomainEvent<Kind>, around: Surroundings) => Promise<void>;

/** The time at which an event is handled: never before it happened, even if another process's clock is ahead of this one's. */
export function timeOf({ at }: DomainEvent, { clock }: Surroundings): Date {
  const now = clock.now();
  return now < at ? at : now;
}
