import { setTimeout as rest } from 'node:timers/promises';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import pMap from 'p-map';
import { clearAlert, raiseAlert } from '../../../../libs/access/alerts.js';
import { readEvent, type DomainEvent } from '../../../../libs/outbox/event-kinds.js';
import {
  isStuck,
  markDelivered,
  markUnsubscribed,
  putOff,
  removeOldEvents,
  takeEvents,
  triesBeforeAlert,
} from '../../../../libs/outbox/event-queue.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import type { Logger } from '../../../../libs/platform/log.js';
import { Pulse } from '../../../hosting/health.js';

const batch = 100;
/** Of so many due events those that nobody subscribes to are passed over before a batch is taken. */
const lookAhead = 2 * batch;
/** How many events of a batch are delivered at once. No two are of one customer. */
const breadth = 32;
/** Real milliseconds between two checks when there was nothing: two reads of an empty index. */
const idlePause = 200;
/** Real milliseconds until the next check if nothing of a batch could be delivered: something is down. */
const awayPause = 1_000;
/** Real milliseconds between two times that old events are removed. */
const cleaningPause = 60_000;

/**
 * Delivers what is in the outbox. Several may run at once. After a crash between delivering and marking, an event is delivered twice: a
 * subscriber recognises its id, or does nothing the second time.
 */
export class EventRelay {
  /** Beats with every check for a batch, whether there was one or not. */
  readonly pulse = new Pulse();
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  /**
   * @param deliver delivers one event to everybody who subscribes to it; an error delays the event
   * @param unsubscribed the kinds of events to which nobody subscribes
   */
  constructor(
    private readonly orm: MikroORM,
    private readonly deliver: (event: DomainEvent) => Promise<void>,
    private readonly unsubscribed: readonly string[],
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.running = Promise.all([
      this.repeat('events could not be read; they wait', () => this.deliverBatch()),
      this.repeat('old events could not be removed', async () => ((await removeOldEvents(this.orm.em.fork())) > 0 ? 0 : cleaningPause)),
    ]);
  }

  /** Finishes the present batch. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** @param work returns how long to rest after it, in real milliseconds */
  private async repeat(trouble: string, work: () => Promise<number>): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const pause = await work().catch((error: unknown) => {
        this.log.error({ err: error }, trouble);
        return awayPause;
      });
      if (pause > 0) await rest(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  private async deliverBatch(): Promise<number> {
    await this.clearAlerts(this.orm.em.fork(), await markUnsubscribed(this.orm.em.fork(), this.unsubscribed, lookAhead));
    const { taken, failed } = await this.orm.em.fork().transactional(async (tx) => {
      const events = await takeEvents(tx, batch);
      const failed = new Set<string>();
      await pMap(
        events,
        async (stored) => {
          try {
            await this.deliver(readEvent(stored));
          } catch (error) {
            failed.add(stored.id);
            this.log.warn({ err: error, event: stored.id, kind: stored.kind }, 'an event could not be delivered; it is tried again');
          }
        },
        { concurrency: breadth },
      );
      const delivered = events.map(({ id }) => id).filter((id) => !failed.has(id));
      const now = this.clock.now();
      await this.clearAlerts(tx, await markDelivered(tx, delivered));
      for (const kind of await putOff(tx, [...failed])) await raiseAlert(tx, { kind: 'events-stuck', subject: kind, detail: stuck }, now);
      return { taken: events.length, failed: failed.size };
    });
    this.pulse.beat();
    if (taken > 0 && failed === taken) return awayPause;
    // What was delivered often makes something that follows true, which is due already: a score, and then a crossing.
    return taken > 0 ? 0 : idlePause;
  }

  /** @param kinds of events for which an alert had been raised, and of which some were delivered now */
  private async clearAlerts(em: EntityManager, kinds: readonly string[]): Promise<void> {
    for (const kind of kinds) if (!(await isStuck(em, kind))) await clearAlert(em, 'events-stuck', kind, this.clock.now());
  }
}

const stuck = `An event could not be delivered ${String(triesBeforeAlert)} times.`;
