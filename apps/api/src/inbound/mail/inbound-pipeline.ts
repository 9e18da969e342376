import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { addressParser } from 'postal-mime';
import type { Settings } from '../../../../../config/settings.js';
import { readBounce, type DeliveryOutcome } from '../../../../../libs/channels/bounces/read-bounce.js';
import { readThread } from '../../../../../libs/channels/contract/mail-thread.js';
import { findMailed } from '../../../../../libs/messaging/ledger/find-mailed.js';
import { optOutAtProvider } from '../../../../../libs/consent/opt-out.js';
import { recordDelivery } from '../../../../../libs/messaging/ledger/ledger.js';
import { provenSent } from '../../../../../libs/messaging/ledger/reconcile.js';
import { retriedTransaction } from '../../../../../libs/persistence/retried.js';
import type { Clock } from '../../../../../libs/platform/clock.js';
import type { Logger } from '../../../../../libs/platform/log.js';
import type { Tokens } from '../../../../../libs/platform/tokens.js';
import { receiveResponse } from '../../../../../libs/responses/receive.js';
import { visibleText } from '../../../../../libs/responses/visible-text.js';
import { CLOCK, LOG, SETTINGS, TOKENS } from '../../providers.js';
import { readComplaint, type Feedback } from '../../../../../libs/responses/mail/reading/complaint-report.js';
import { readInboundAddress, type InboundAddress } from '../../../../../libs/responses/mail/which-message/inbound-address.js';
import { findReported, type Clues } from '../../../../../libs/responses/mail/which-message/inbound-clues.js';
import type { EnvelopedMail } from '../../../../../libs/responses/mail/providers/inbound-adapter.js';
import type { IncomingMail } from '../../../../../libs/responses/mail/reading/read-mail.js';
import { PublishedContent } from '../../../../../libs/publishing/published-content.js';
import { SentTexts } from './sent-text.js';

/** The most addresses of one mail: ours are made for one message each, so nobody needs to name many. */
export const maxRecipients = 10;

const aReport = { answer: 'bounce', because: 'delivery report' } as const;

/** Handles mails and reports from providers and mail servers, on every way. */
@Injectable()
export class MailReceiver {
  constructor(
    private readonly em: EntityManager,
    private readonly sentTexts: SentTexts,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(TOKENS) private readonly tokens: Tokens,
    @Inject(LOG) private readonly log: Logger,
    private readonly content: PublishedContent,
  ) {}

  /**
   * Handles a mail: an answer, a delivery report, a feedback report. The same mail again does nothing more.
   * @param sourceId the provider's own id for it, if there is one; otherwise the mail's
   * @returns how many of its addresses are ours
   */
  async receiveMail({ to, mail }: EnvelopedMail, source: string, sourceId = mail.id): Promise<number> {
    const { domain } = this.settings.inboundMail;
    const known = [...new Set(to)]
      .map((address) => ({ address, inbound: readInboundAddress(address, domain, this.tokens) }))
      .filter((one): one is { address: string; inbound: InboundAddress } => one.inbound !== undefined)
      .slice(0, maxRecipients);
    for (const { address, inbound } of known) {
      const { deliveryStatus, returned, traces } = mail.report;
      const clues = { addresses: [address], headers: returned, traces };
      const complaint = readComplaint(mail, inbound.purpose);
      if (complaint !== undefined) {
        await this.receiveFeedback(complaint, clues, source, sourceId);
        continue;
      }
      const reported = findReported(clues, domain, this.tokens);
      const recipient = reported === undefined ? undefined : ((await findMailed(this.em.fork(), reported))?.address ?? undefined);
      const outcome = readBounce({ ...mail, deliveryStatus, recipient }, inbound.purpose);
      // Some servers report to the reply address: it is stored that this was not an answer.
      if (inbound.purpose === 'reply') await this.receiveReply(inbound.messageId, mail, outcome !== undefined, source, sourceId);
      if (outcome !== undefined) await this.receiveDelivery(clues, outcome);
      else if (inbound.purpose === 'bounce')
        this.log.warn({ source, message: inbound.messageId }, 'a mail to the return path of a message says nothing of its delivery');
      else if (inbound.purpose === 'role') this.log.info({ source }, 'a mail to a role address is not a report');
    }
    return known.length;
  }

  /**
   * A customer pressed the spam button of a mailbox provider: an answer that ends consent. The report must name a message of ours; a
   * customer's address alone proves nothing, because anybody can write such a report.
   */
  async receiveFeedback({ answer, mailFrom }: Feedback, clues: Clues, source: string, sourceId: string): Promise<void> {
    if (answer === null) return;
    const messageId = findReported({ ...clues, addresses: [...clues.addresses, mailFrom] }, this.settings.inboundMail.domain, this.tokens);
    if (messageId === undefined) {
      this.log.warn({ source }, 'a feedback report names no message of ours');
      return;
    }
    const received = await receiveResponse(
      this.em.fork(),
      {
        source,
        sourceId: `feedback:${messageId}:${sourceId}`,
        channel: 'email',
        by: { messageId },
        said: () => ({ answer, because: 'feedback report', reported: true }),
        text: null,
      },
      this.clock.now(),
    );
    this.log.info({ response: received.responseId, answer, repeated: received.repeated }, 'feedback report received');
  }

  /** A report about a message: the ledger stores it, which also proves that the message was sent. */
  async receiveDelivery(clues: Clues, outcome: DeliveryOutcome): Promise<void> {
    const { domain } = this.settings.inboundMail;
    const messageId = findReported(clues, domain, this.tokens);
    if (messageId === undefined) {
      this.log.warn({ status: outcome.status }, 'a delivery report names no message of ours');
      return;
    }
    const now = this.clock.now();
    const recorded = await retriedTransaction(this.em.fork(), 5, async (tx) => {
      if (outcome.status === 'delayed') return provenSent(tx, messageId, 'report', now);
      const message = await findMailed(tx, messageId);
      if (message === undefined) return false;
      return recordDelivery(
        tx,
        {
          channels: ['email'],
          // The parts of the mail's Message-ID, in case its dispatcher died before it could store it.
          providerId: message.providerId ?? `${messageId}@${domain}`,
          messageId,
          status: outcome.status,
          errorCode: 'code' in outcome ? outcome.code : null,
          ...('errorClass' in outcome && { errorClass: outcome.errorClass }),
          now,
        },
        optOutAtProvider,
      );
    });
    this.log.info({ message: messageId, ...outcome, recorded }, 'delivery report received');
  }

  private async receiveReply(
    messageId: string,
    { subject, headers, body }: IncomingMail,
    isReport: boolean,
    source: string,
    sourceId: string,
  ): Promise<void> {
    const text = visibleText(body, await this.sentTexts.of(messageId));
    const received = await receiveResponse(
      this.em.fork(),
      {
        source,
        sourceId: `${messageId}:${sourceId}`,
        channel: 'email',
        by: { messageId },
        from: addressesOf(headers['from'] ?? headers['return-path']),
        said: (language) => (isReport ? aReport : this.content.latest.classify({ channel: 'email', text, language, subject, headers })),
        text,
        thread: readThread(headers, subject),
      },
      this.clock.now(),
    );
    this.log.info({ response: received.responseId, answer: received.answer, repeated: received.repeated }, 'mail received');
  }
}

/** The addresses that a mail says it is from (its envelope, if it has no From), in lower case. */
function addressesOf(from = ''): string[] {
  const addresses = addressParser(from, { flatten: true }).map(({ address }) => address?.toLowerCase() ?? '');
  return [...new Set(addresses)];
}
