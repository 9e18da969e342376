import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Channel } from '../../channels/table.js';
import type { Clock } from '../../platform/clock.js';
import type { Logger } from '../../platform/log.js';
import type { ClaimedMessage } from '../ledger/claim.js';
import { InFlight } from './in-flight.js';
import { markSubmitting } from '../ledger/ledger.js';
import type { AtBoundary, LedgerBoundary } from '../ledger/ledger-boundary.js';
import { BatchWriter } from './batch-writer.js';
import type { ProviderOptOut } from '../contract/opt-out.js';
import type { SendResult } from '../../channels/contract/send-result.js';
import { backOffMs, endsPermanently, settle } from '../ledger/settle.js';
import { messageOf } from '../../platform/message-of.js';
import { codeOf } from '../../platform/code-of.js';

/** Real milliseconds between two attempts to settle while PostgreSQL is unavailable, and for how long a closing dispatcher keeps trying. */
const again = { afterMs: 250, whenClosingMs: 25_000 };
/** The most settlements in one transaction. */
const batchSize = 200;

export interface CommitterParts {
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly log: Logger;
  readonly channels: readonly Channel[];
  /** The most messages between the commit of their mark and that of their settlement, over all channels. */
  readonly inFlight: number;
  /** How long a mark lasts, in real milliseconds. */
  readonly leaseRealMs: number;
  /** Called when a provider blocks an address after an opt-out. */
  readonly optedOut: ProviderOptOut;
  /** Called with the settled messages, after the commit. */
  readonly onSettled?: (channel: Channel, results: readonly SendResult[]) => Promise<void>;
  readonly atBoundary?: AtBoundary | undefined;
}

/** One attempt to send a message, from its claim to its settlement. */
export class SendAttempt {
  /** Whether it has a place among those in flight: from before its mark is committed until its settlement is. */
  placed = false;
  /** Whether it has ended: a mark that still waits is no longer needed. */
  ended = false;

  constructor(
    readonly message: ClaimedMessage,
    readonly channel: Channel,
  ) {}
}

interface AskedMark {
  readonly attempt: SendAttempt;
  readonly answer: (mayBeSent: boolean) => void;
}

interface Ending {
  readonly attempt: SendAttempt;
  readonly result: SendResult;
  readonly committed: () => void;
}

/** Writes the marks and the settlements of all channels to the ledger: one commit for a batch, not for each message. */
export class Committer {
  private readonly inFlight: InFlight<Channel>;
  private readonly asked: ReadonlyMap<Channel, AskedMark[]>;
  private readonly endings: Ending[] = [];
  private readonly marks = new BatchWriter(
    () => this.admitted(),
    (asked) => this.markBatch(asked),
  );
  private readonly settlements = new BatchWriter(
    () => this.endings.splice(0, this.most),
    (endings) => this.settleBatch(endings),
  );
  /** After a failure settlements go one by one, so that one that cannot be settled does not hold up the others. */
  private most = batchSize;
  private closesAt = Infinity;

  constructor(private readonly parts: CommitterParts) {
    this.inFlight = new InFlight(parts.inFlight, parts.channels);
    this.asked = new Map(parts.channels.map((channel) => [channel, []]));
  }

  /**
   * Requests the mark of a message; waits for a place among those in flight. If the commit fails, the result is false: nothing is sent, and
   * the settlement as withheld corrects a mark that was committed after all.
   */
  async mark(attempt: SendAttempt): Promise<boolean> {
    await this.at('marking', [attempt]);
    const mayBeSent = await new Promise<boolean>((answer) => {
      this.asked.get(attempt.channel)?.push({ attempt, answer });
      this.marks.begin();
    });
    if (mayBeSent) await this.at('marked', [attempt]);
    return mayBeSent;
  }

  /** Resolves when it is stored, however long that takes. Never throws. */
  settle(attempt: SendAttempt, result: SendResult): Promise<void> {
    attempt.ended = true;
    return new Promise((committed) => {
      this.endings.push({ attempt, result, committed });
      this.settlements.begin();
    });
  }

  /** Waits until everything that was passed in is stored; while PostgreSQL is unavailable, only for a limited time. */
  async close(): Promise<void> {
    this.closesAt = performance.now() + again.whenClosingMs;
    await this.marks.idle();
    await this.settlements.idle();
  }

  /** The marks for which there is a place, one of each channel in turn. */
  private admitted(): AskedMark[] {
    const marks: AskedMark[] = [];
    for (let found = true; found;) {
      found = false;
      for (const [channel, queue] of this.asked) {
        while (queue[0]?.attempt.ended === true) queue.shift()?.answer(false);
        const next = queue[0];
        if (next === undefined || !this.inFlight.take(channel)) continue;
        queue.shift();
        next.attempt.placed = true;
        marks.push(next);
        found = true;
      }
    }
    return marks;
  }

  private async markBatch(asked: readonly AskedMark[]): Promise<void> {
    const { orm, clock, leaseRealMs, log } = this.parts;
    const messages = asked.map(({ attempt }) => attempt.message);
    const marked = await markSubmitting(orm.em.fork(), messages, this.campaignMs(leaseRealMs), clock.now()).catch((error: unknown) => {
      log.warn({ messages: messages.length, error: messageOf(error) }, 'messages could not be marked, and are not sent');
      return new Set<string>();
    });
    for (const { attempt, answer } of asked) answer(marked.has(attempt.message.id));
  }

  private async settleBatch(endings: readonly Ending[]): Promise<void> {
    try {
      await this.write(endings);
      this.most = Math.min(batchSize, this.most * 2);
      await this.over(endings);
      this.notify(endings);
    } catch (error) {
      await this.keep(endings, error);
    }
  }

  /** A single statement needs no transaction; if more follows from it, everything is one transaction. */
  private async write(endings: readonly Ending[]): Promise<void> {
    const { orm, clock, optedOut, atBoundary } = this.parts;
    const batch = endings.map(({ attempt: { message }, result }) => ({
      id: message.id,
      fence: message.fence,
      attempts: message.attempts + 1,
      result,
    }));
    const backOff: typeof backOffMs = (...wait) => this.campaignMs(backOffMs(...wait));
    const em = orm.em.fork();
    if (atBoundary === undefined && !batch.some(endsPermanently)) {
      await settle(em, batch, backOff, optedOut, clock.now());
      return;
    }
    await em.transactional(async (tx) => {
      await settle(tx, batch, backOff, optedOut, clock.now());
      await this.at(
        'settling',
        endings.map(({ attempt }) => attempt),
      );
    });
  }

  private async over(endings: readonly Ending[]): Promise<void> {
    for (const { attempt } of endings) {
      if (attempt.placed) this.inFlight.free(attempt.channel);
      attempt.placed = false;
    }
    this.marks.begin();
    await this.at(
      'settled',
      endings.map(({ attempt }) => attempt),
    );
    for (const { committed } of endings) committed();
  }

  /**
   * A sent message must be recorded, so this is retried for as long as PostgreSQL is unavailable. If its lease ends in the meantime, it is
   * unknown until then. It is given up only if PostgreSQL can never accept it, and at the end of a close.
   */
  private async keep(endings: readonly Ending[], error: unknown): Promise<void> {
    const { log } = this.parts;
    log.warn({ messages: endings.length, error: messageOf(error) }, 'messages could not be settled yet');
    if (performance.now() > this.closesAt || (endings.length === 1 && isRefused(error))) {
      for (const { attempt } of endings) log.error({ messageId: attempt.message.id }, 'a message could not be settled');
      return this.over(endings);
    }
    this.endings.unshift(...endings);
    this.most = 1;
    if (!isRefused(error)) await sleep(again.afterMs);
  }

  private notify(endings: readonly Ending[]): void {
    const { onSettled, log, channels } = this.parts;
    if (onSettled === undefined) return;
    for (const channel of channels) {
      const results = endings.filter(({ attempt }) => attempt.channel === channel).map(({ result }) => result);
      if (results.length === 0) continue;
      onSettled(channel, results).catch((error: unknown) =>
        log.warn({ channel, error: messageOf(error) }, 'a provider could not be judged'),
      );
    }
  }

  private async at(boundary: LedgerBoundary, attempts: readonly SendAttempt[]): Promise<void> {
    if (this.parts.atBoundary === undefined) return;
    for (const { channel } of attempts) await this.parts.atBoundary(boundary, channel);
  }

  /** Leases and back-offs are real time; the ledger keeps campaign time. */
  private campaignMs(realMs: number): number {
    return realMs / this.parts.clock.realMs(1);
  }
}

/** An integrity constraint refuses it (SQLSTATE class 23): waiting does not change that. */
function isRefused(error: unknown): boolean {
  return codeOf(error).startsWith('23');
}
