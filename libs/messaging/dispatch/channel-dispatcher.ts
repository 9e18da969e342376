import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Channel } from '../../channels/table.js';
import type { Clock } from '../../platform/clock.js';
import type { Logger } from '../../platform/log.js';
import { sendTimeoutMs, type MessageChannel } from '../../channels/contract/channel.js';
import { CannotCompose } from '../../channels/contract/cannot-compose.js';
import { claim, type ClaimedMessage } from '../ledger/claim.js';
import { ClaimedAhead } from './claimed-ahead.js';
import { SendAttempt, type Committer } from './committer.js';
import type { AtBoundary, LedgerBoundary } from '../ledger/ledger-boundary.js';
import type { MessageContext } from '../../channels/contract/message-context.js';
import { loadContexts, type CompanyContext } from '../contract/load-contexts.js';
import { errorClasses } from '../../channels/contract/provider-errors.js';
import type { ProviderGate } from '../providers/provider-gate.js';
import type { SendResult } from '../../channels/contract/send-result.js';
import { messageOf } from '../../platform/message-of.js';

/** The most messages that may be claimed and wait. */
const mostAhead = 500;
/**
 * Real milliseconds until the provider's gate is asked again: the first time, doubled each time while it lets no message through, and the
 * longest.
 */
const gateWait = { first: 25, most: 1_000 };

export interface ChannelDispatcherParts {
  readonly channel: Channel;
  readonly via: MessageChannel;
  /** The most messages that are being sent at once. */
  readonly connections: number;
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly companyContext: CompanyContext;
  readonly gate: ProviderGate;
  readonly committer: Committer;
  /** How long a claim lasts, in real milliseconds: longer than a provider may take plus the time that PostgreSQL may then be unavailable. */
  readonly leaseRealMs: number;
  readonly log: Logger;
  /** Prevents that other messages use a template that cannot be sent. @returns whether a fix may help the message */
  readonly onTemplateError: (messageId: string, why: string) => Promise<boolean>;
  readonly atBoundary?: AtBoundary | undefined;
}

/** The result of composing: the message, or why this customer's message cannot be composed (`errorCode`), or why nobody's can (`error`). */
type Composed = { readonly composed: unknown } | { readonly errorCode: string } | { readonly error: string };

/** A claimed message with its context. */
interface Claimed {
  readonly message: ClaimedMessage;
  readonly context: MessageContext | undefined;
  /** Real time. */
  readonly claimedAt: number;
}

/**
 * Sends the planned messages of one channel as a stream: one loop claims ahead, one loop for each connection composes and sends, and the
 * committer marks and settles for all of them.
 */
export class ChannelDispatcher {
  private readonly ahead: ClaimedAhead<Claimed>;
  private readonly loops: readonly Promise<void>[];
  private gateWaitMs = gateWait.first;
  private closing = false;
  private awake = true;
  private wakeUp: (() => void) | undefined;

  constructor(private readonly parts: ChannelDispatcherParts) {
    this.ahead = new ClaimedAhead(parts.connections, mostAhead);
    this.loops = [this.claiming(), ...Array.from({ length: parts.connections }, () => this.sending())];
  }

  /** Notifies the dispatcher that there may be something to claim. */
  wake(): void {
    this.awake = true;
    this.wakeUp?.();
  }

  /** Lets the messages that are being sent finish, and releases those that were only claimed. */
  async close(): Promise<void> {
    this.closing = true;
    this.wake();
    const unsent = this.ahead.end();
    await Promise.all([...unsent.map((claimed) => this.giveBack(claimed)), ...this.loops]);
  }

  private async claiming(): Promise<void> {
    while (!this.closing) {
      if (!this.awake) await new Promise<void>((resolve) => (this.wakeUp = resolve));
      this.awake = false;
      try {
        while (await this.claimSome());
      } catch (error) {
        this.parts.log.error({ channel: this.parts.channel, error: messageOf(error) }, 'nothing could be claimed');
      }
    }
  }

  /** @returns whether there may be more */
  private async claimSome(): Promise<boolean> {
    const { channel, orm, clock, gate, companyContext, leaseRealMs } = this.parts;
    const space = await this.ahead.space();
    if (space === 0) return false;
    // One transaction: messages that cannot be loaded are not claimed either.
    const { allowed, claimed } = await orm.em.fork().transactional(async (tx) => {
      const allowed = await gate.admit(tx, channel, space);
      if (allowed === 0) return { allowed, claimed: [] };
      const messages = await claim(tx, channel, allowed, leaseRealMs / clock.realMs(1), clock.now());
      const ids = messages.map(({ id }) => id);
      const contexts = await loadContexts(tx, ids, companyContext);
      const claimedAt = performance.now();
      return { allowed, claimed: messages.map((message) => ({ message, context: contexts.get(message.id), claimedAt })) };
    });
    if (this.parts.atBoundary !== undefined) for (let n = 0; n < claimed.length; n += 1) await this.at('claimed');
    if (this.closing) await Promise.all(claimed.map((each) => this.giveBack(each)));
    else this.ahead.put(claimed);
    if (allowed < space) await this.waitAtGate(allowed);
    return claimed.length > 0 || allowed === 0;
  }

  private async waitAtGate(allowed: number): Promise<void> {
    this.gateWaitMs = allowed > 0 ? gateWait.first : Math.min(gateWait.most, this.gateWaitMs * 2);
    await sleep(this.gateWaitMs);
  }

  private async sending(): Promise<void> {
    for (;;) {
      const claimed = await this.ahead.take();
      if (claimed === undefined) return;
      // A message that waited too long is not started: its lease might end before it is sent.
      if (performance.now() - claimed.claimedAt > this.parts.leaseRealMs - sendTimeoutMs) void this.giveBack(claimed);
      else await this.send(claimed);
    }
  }

  private async send(claimed: Claimed): Promise<void> {
    const { via, committer } = this.parts;
    const attempt = this.attemptOf(claimed);
    const composed = this.compose(claimed);
    if ('errorCode' in composed) return committer.settle(attempt, { kind: 'rejected', errorClass: 'template', ...composed });
    if ('error' in composed) {
      const waits = await this.pauseCampaign(claimed.message.id, composed.error);
      return committer.settle(attempt, { kind: waits ? 'retry' : 'rejected', errorClass: 'template', errorCode: 'compose' });
    }
    await this.at('composed');
    await this.at('sending');
    const result = this.noted(claimed.message.id, await via.send(composed.composed, () => committer.mark(attempt)));
    await this.at('answered');
    if ('errorClass' in result && errorClasses[result.errorClass].pauses === true) {
      const waits = await this.pauseCampaign(claimed.message.id, `the provider refuses it as it is (${result.errorCode})`);
      if (!waits && result.kind === 'retry') return committer.settle(attempt, { ...result, kind: 'rejected' });
    }
    // The connection may take the next message; this one keeps its place in flight until this is committed.
    void committer.settle(attempt, result);
  }

  private compose({ message, context }: Claimed): Composed {
    try {
      if (context === undefined) throw new Error('the message is gone');
      return { composed: this.parts.via.compose(context, this.parts.clock.now()) };
    } catch (error) {
      this.parts.log.error({ messageId: message.id, error: messageOf(error) }, 'a message could not be composed');
      if (error instanceof CannotCompose && error.code !== 'template') return { errorCode: error.code };
      return { error: messageOf(error) };
    }
  }

  /** Called before the message is settled: a message that is planned again waits for the resume. @returns whether the message waits for a fix */
  private async pauseCampaign(messageId: string, why: string): Promise<boolean> {
    try {
      return await this.parts.onTemplateError(messageId, why);
    } catch (error) {
      this.parts.log.error({ messageId, error: messageOf(error) }, 'a campaign could not be paused');
      return true;
    }
  }

  private giveBack(claimed: Claimed): Promise<void> {
    return this.parts.committer.settle(this.attemptOf(claimed), { kind: 'withheld' });
  }

  private attemptOf({ message }: Claimed): SendAttempt {
    return new SendAttempt(message, this.parts.channel);
  }

  private noted(messageId: string, result: SendResult): SendResult {
    if (result.kind !== 'accepted' && result.kind !== 'withheld') {
      const { kind, errorClass, errorCode } = result;
      const level = errorClasses[errorClass].alert === true ? 'error' : 'info';
      this.parts.log[level]({ messageId, kind, errorClass, errorCode }, 'a message was not accepted');
    }
    return result;
  }

  private async at(boundary: LedgerBoundary): Promise<void> {
    if (this.parts.atBoundary !== undefined) await this.parts.atBoundary(boundary, this.parts.channel);
  }
}
