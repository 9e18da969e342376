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

/** Messages that may be claimed and wait, at most. */
const mostAhead = 500;
/** Real milliseconds until the provider's gate is asked again: at first, doubled each time while it lets none through, and at most. */
const gateWait = { first: 25, most: 1_000 };

export interface ChannelDispatcherParts {
  readonly channel: Channel;
  readonly via: MessageChannel;
  /** Messages that may be under way at once. */
  readonly connections: number;
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly companyContext: CompanyContext;
  readonly gate: ProviderGate;
  readonly committer: Committer;
  /** How long a claim holds, in real milliseconds: longer than a provider may take and PostgreSQL may then be away. */
  readonly leaseRealMs: number;
  readonly log: Logger;
  /** Sees to it that a template that cannot be sent costs nobody else anything. @returns whether a fix may help the message */
  readonly onTemplateError: (messageId: string, why: string) => Promise<boolean>;
  readonly atBoundary?: AtBoundary | undefined;
}

/**
 * What came of composing: what can be sent, or why this customer's cannot be (`errorCode`), or why nobody's could (`error`).
 */
type Composed = { readonly composed: unknown } | { readonly errorCode: string } | { readonly error: string };

/** A claimed message with what it is composed from. */
interface Claimed {
  readonly message: ClaimedMessage;
  readonly context: MessageContext | undefined;
  /** Real time. */
  readonly claimedAt: number;
}

/**
 * Works the ledger of one channel off as a stream: one loop claims ahead, as many as there are connections compose and
 * send, and the committer marks and settles for all of them.
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

  /** There may be something to claim. */
  wake(): void {
    this.awake = true;
    this.wakeUp?.();
  }

  /** Lets the messages under way finish, and gives back those that were only claimed. */
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
    // One transaction: what cannot be loaded is not claimed either.
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
      // What lay too long is not begun: its lease might end under way.
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
    // Its connection may take the next; a place in flight it keeps until this is committed.
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

  /** Before the message is settled: what goes back to planned waits for the resume. @returns whether the message waits for a fix */
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
