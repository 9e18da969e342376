import type { MikroORM } from '@mikro-orm/postgresql';
import type { WorkflowClient } from '@temporalio/client';
import type { DomainEvent, EventKind } from '../../../../libs/outbox/event-kinds.js';
import type { Clock } from '../../../../libs/platform/clock.js';

/** What a subscriber may use. */
export interface Surroundings {
  readonly orm: MikroORM;
  readonly workflows: WorkflowClient;
  readonly clock: Clock;
}

/** Hears of one kind of event. It may hear of the same event again, and then does nothing more. What it throws has the event delivered again. */
export type Subscriber<Kind extends EventKind> = (event: DomainEvent<Kind>, around: Surroundings) => Promise<void>;
