import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { Settings } from '../../../../../config/settings.js';
import { emailTemplate } from '../../../../../libs/channels/email/template.js';
import { writeReply } from '../../../../../libs/channels/email/reply.js';
import { loadContexts } from '../../../../../libs/messaging/contract/load-contexts.js';
import type { Logger } from '../../../../../libs/platform/log.js';
import type { Tokens } from '../../../../../libs/platform/tokens.js';
import type { SentText } from '../../../../../libs/responses/visible-text.js';
import { htmlText } from '../../../../../libs/responses/visible-text/html-lines.js';
import { PublishedContent } from '../../../../../libs/publishing/published-content.js';
import { LOG, SETTINGS, TOKENS } from '../../providers.js';

/** Composes sent e-mails again, to recognise the quotes in an answer. */
@Injectable()
export class SentTexts {
  constructor(
    private readonly em: EntityManager,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(TOKENS) private readonly tokens: Tokens,
    private readonly content: PublishedContent,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /**
   * The answered e-mail: from the ledger and its templates, or from the reply of a person at the desk. Links differ from the sent ones, and
   * an offer may have changed since, so only the words are compared.
   * @returns undefined if it cannot be composed any more: a quote is then known by its form alone
   */
  async of(messageId: string): Promise<SentText | undefined> {
    try {
      const { http, company, inboundMail } = this.settings;
      const templatesAt = (publication: number | null) => this.content.templatesAt(publication);
      const companyContext = { publicUrl: http.publicUrl, company, tokens: this.tokens, templatesAt };
      const context = (await loadContexts(this.em.fork(), [messageId], companyContext)).get(messageId);
      if (context === undefined || context.channel !== 'email') return undefined;
      const { subject, html, text } =
        context.reply === null ? context.render(emailTemplate) : writeReply(context.reply, context, inboundMail.domain);
      return { subject, text: `${text.join('')}\n\n${htmlText(html.join(''))}` };
    } catch (error) {
      this.log.warn({ err: error, message: messageId }, 'the message that is answered cannot be composed any more');
      return undefined;
    }
  }
}
