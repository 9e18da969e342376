import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Channel } from '../customers/contact-point.entity.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/log.js';
import type { MessageChannel } from './channels/channel.js';
import { claim, markSubmitting, type ClaimedMessage } from './ledger.js';
import { loadContexts, type Sender } from './message-context.js';
import { errorClasses } from './provider-errors.js';
import type { RateLimiter } from './rate-limiter.js';
import type { SendResult } from './send-result.js';
import { backOffMs, settle, type Settlement } from './settle.js';

/** Messages in flight at once in one lane: what a crash can leave unknown. */
const batchSize = 50;
/** Batches under way at once: one is with the provider while the other is with the ledger. */
const lanes = 2;
/** Real milliseconds: longer than the provider may take (see `sendTimeoutMs`) and PostgreSQL may then be away. */
const leaseRealMs = 60_000;
const settlePatienceRealMs = 25_000;
const settleRetryRealMs = 250;

export interface ChannelDispatcherParts {
  readonly channel: Channel;
  readonly via: MessageChannel;
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly sender: Sender;
  readonly rate: RateLimiter;
  readonly log: Logger;
}

/** A claimed message that could be composed. */
interface Ready extends ClaimedMessage {
  readonly composed: unknown;
}

/** Works the ledger of one channel off, batch by batch: claim, compose, mark, send, settle. */
export class ChannelDispatcher {
  private closing = false;
  private again = false;
  private draining: Promise<void> | undefined;

  constructor(private readonly parts: ChannelDispatcherParts) {}

  /**
   * Sends what can be claimed until nothing is left, or until it is closed. Asked while at it, it looks once more.
   * Never throws: what went wrong is logged, and the next call tries again.
   */
  drain(): Promise<void> {
    this.again = true;
    this.draining ??= this.work().finally(() => (this.draining = undefined));
    return this.draining;
  }

  /** Lets the batches in hand finish, and claims no more. */
  async close(): Promise<void> {
    this.closing = true;
    await this.draining;
  }

  private async work(): Promise<void> {
    while (this.again && !this.closing) {
      this.again = false;
      await Promise.all(Array.from({ length: lanes }, () => this.lane()));
    }
  }

  private async lane(): Promise<void> {
    try {
      while (!this.closing && (await this.batch()) > 0);
    } catch (error) {
      this.parts.log.error({ channel: this.parts.channel, error: messageOf(error) }, 'a batch could not be dispatched');
    }
  }

  /** @returns how many messages were claimed */
  private async batch(): Promise<number> {
    const { channel, orm, clock, rate, sender } = this.parts;
    const allowed = await rate.take(batchSize);
    // One transaction: what cannot be loaded is not claimed either.
    const { claimed, contexts } = await orm.em
      .fork()
      .transactional(async (tx) => {
        const claimed = await claim(tx, channel, allowed, this.campaignMs(leaseRealMs), clock.now());
        return {
          claimed,
          contexts: await loadContexts(
            tx,
            claimed.map(({ id }) => id),
            sender,
          ),
        };
      })
      .catch((error: unknown) => {
        rate.giveBack(allowed);
        throw error;
      });
    rate.giveBack(allowed - claimed.length);
    if (claimed.length === 0) return 0;

    const { ready, faulty } = this.compose(claimed, contexts);
    const sent = await this.submit(ready);
    await this.settlePatiently([...faulty, ...sent]);
    return claimed.length;
  }

  private compose(
    claimed: readonly ClaimedMessage[],
    contexts: Awaited<ReturnType<typeof loadContexts>>,
  ): { readonly ready: readonly Ready[]; readonly faulty: readonly Settlement[] } {
    const ready: Ready[] = [];
    const faulty: Settlement[] = [];
    for (const message of claimed) {
      try {
        const context = contexts.get(message.id);
        if (context === undefined) throw new Error('the message is gone');
        ready.push({ ...message, composed: this.parts.via.compose(context, this.parts.clock.now()) });
      } catch (error) {
        this.parts.log.error({ messageId: message.id, error: messageOf(error) }, 'a message could not be composed');
        faulty.push({ ...message, result: { kind: 'rejected', errorClass: 'template', errorCode: 'compose' } });
      }
    }
    return { ready, faulty };
  }

  /** The mark is committed before the first byte goes out. Where that commit failed, nothing goes out. */
  private async submit(ready: readonly Ready[]): Promise<Settlement[]> {
    if (ready.length === 0) return [];
    const { orm, clock, via } = this.parts;
    try {
      const marked = await markSubmitting(orm.em.fork(), ready, this.campaignMs(leaseRealMs), clock.now());
      return await Promise.all(
        ready
          .filter(({ id }) => marked.has(id))
          .map(async ({ id, fence, attempts, composed }) => ({
            id,
            fence,
            attempts: attempts + 1,
            result: this.noted(id, await via.send(composed)),
          })),
      );
    } catch (error) {
      this.parts.log.warn({ error: messageOf(error) }, 'a batch could not be marked, and was not sent');
      return ready.map(({ id, fence, attempts }) => ({
        id,
        fence,
        attempts: attempts + 1,
        result: { kind: 'retry', errorClass: 'safe-retry', errorCode: 'not-marked' },
      }));
    }
  }

  /** What was sent must be written down: tried until the lease is nearly over; after that a sweep calls it unknown. */
  private async settlePatiently(settlements: readonly Settlement[]): Promise<void> {
    const { orm, clock, log } = this.parts;
    const backOff = (id: string, attempts: number): number => this.campaignMs(backOffMs(id, attempts));
    const patience = performance.now() + settlePatienceRealMs;
    for (;;) {
      try {
        await settle(orm.em.fork(), settlements, backOff, clock.now());
        return;
      } catch (error) {
        log.warn({ messages: settlements.length, error: messageOf(error) }, 'a batch could not be settled yet');
        if (performance.now() > patience) throw error;
        await sleep(settleRetryRealMs);
      }
    }
  }

  private noted(messageId: string, result: SendResult): SendResult {
    if (result.kind !== 'accepted') {
      const { kind, errorClass, errorCode } = result;
      const level = errorClasses[errorClass].alert === true ? 'error' : 'info';
      this.parts.log[level]({ messageId, kind, errorClass, errorCode }, 'a message was not accepted');
    }
    return result;
  }

  /** Leases and back-offs are real time; the ledger keeps campaign time. */
  private campaignMs(realMs: number): number {
    return realMs / this.parts.clock.realMs(1);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
