import { writeReply } from '../../../../../libs/messaging/channels/email/reply.js';
import { loadContexts } from '../../../../../libs/messaging/contract/message-context.js';
import type { SentText } from '../../../../../libs/responses/visible-text.js';
import { htmlText } from '../../../../../libs/responses/visible-text/html-lines.js';
import type { ApiContext } from '../../context.js';
import { emailTemplate } from '../../../../../libs/messaging/channels/email/template.js';

/**
 * The e-mail that is answered, composed once more: from the ledger and the templates that it was sent from, or from what a person at
 * the desk wrote. Links differ from what was sent, and an offer may have changed since; what is compared are the words.
 * @returns undefined where it cannot be composed any more: a quote is then known by its form alone
 */
export async function sentText(
  { orm, settings, tokens, content, log }: Pick<ApiContext, 'orm' | 'settings' | 'tokens' | 'content' | 'log'>,
  messageId: string,
): Promise<SentText | undefined> {
  try {
    const { publicUrl } = settings.http;
    const sender = {
      publicUrl,
      company: settings.company,
      tokens,
      templatesAt: (publication: number | null) => content.templatesAt(publication),
    };
    const context = (await loadContexts(orm.em.fork(), [messageId], sender)).get(messageId);
    if (context === undefined || context.channel !== 'email') return undefined;
    const { subject, html, text } =
      context.reply === null ? context.render(emailTemplate) : writeReply(context.reply, context, settings.inboundMail.domain);
    return { subject, text: `${text.join('')}\n\n${htmlText(html.join(''))}` };
  } catch (error) {
    log.warn({ err: error, message: messageId }, 'the message that is answered cannot be composed any more');
    return undefined;
  }
}
