import type { MessageContext } from '../contract/message-context.js';
import { CannotCompose } from '../contract/cannot-compose.js';
import { errorsOf } from '../contract/provider-errors.js';
import type { MessageChannel } from '../contract/channel.js';
import { whatsappAddress } from './address.js';
import { conversationMs } from './conversation.js';
import { lookUp } from '../twilio/look-up.js';
import { createTwilioClient, followUp, submit, type TwilioMessage, type TwilioSettings } from '../twilio/messages.js';
import type { WhatsappContent } from './template.js';
import { whatsappTemplate } from './template.js';

const errors = errorsOf('whatsapp');

export type WhatsappSettings = TwilioSettings;

/** WhatsApp over Twilio's Messages resource: free text in a conversation, an approved content template outside of one. */
export function createWhatsappChannel(settings: WhatsappSettings): MessageChannel<TwilioMessage> {
  const { clock } = settings;
  const client = createTwilioClient(settings);
  const from = whatsappAddress(settings.from);

  const contentOf = (context: MessageContext): WhatsappContent => {
    const content = context.render(whatsappTemplate);
    if (content === undefined) throw new CannotCompose('template', `The template ${context.template} has no part for WhatsApp`);
    return content;
  };
  const inConversation = ({ lastInboundAt }: MessageContext, now: Date): boolean =>
    lastInboundAt !== null && clock.realMs(now.getTime() - lastInboundAt.getTime()) < conversationMs;

  /** Whether this is the message's text. */
  const isIn = (context: MessageContext): ((body: string) => boolean) => {
    const { reply } = context;
    if (reply !== null) return (body) => body === reply.text;
    const { text, content } = contentOf(context);
    const values = Object.values(content.variables);
    // Twilio shows a content template as the customer saw it: its own text around our values.
    return (body) => body === text || (values.length > 0 && values.every((value) => body.includes(value)));
  };
  const wordsOf = (context: MessageContext, now: Date): Pick<TwilioMessage, 'body' | 'contentSid' | 'contentVariables'> => {
    const free = inConversation(context, now);
    if (context.reply !== null) {
      if (!free) throw new CannotCompose('conversation-over', 'the conversation is over: WhatsApp accepts only approved templates now');
      return { body: context.reply.text };
    }
    const { text, content } = contentOf(context);
    return free ? { body: text } : { contentSid: content.sid, contentVariables: JSON.stringify(content.variables) };
  };

  return {
    compose: (context, now) => ({
      from,
      to: whatsappAddress(context.address),
      ...wordsOf(context, now),
      ...followUp(context, settings, now),
    }),
    send: (message, mark) => submit(client, errors, message, mark),
    lookUp: (sent) => {
      return lookUp(client, { from, to: whatsappAddress(sent.context.address), says: isIn(sent.context), ours: settings.publicUrl }, sent);
    },
    close: () => Promise.resolve(),
  };
}
