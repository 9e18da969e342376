import type { MessageContext } from '../message-context.js';
import type { Templates } from '../../templates/templates.js';
import type { MessageChannel } from '../channel.js';
import { twilioAddress } from '../twilio/address.js';
import { lookUp } from '../twilio/look-up.js';
import { createTwilioClient, followUp, submit, type TwilioMessage, type TwilioSettings } from '../twilio/messages.js';
import type { WhatsappContent } from './template.js';

export interface WhatsappSettings extends TwilioSettings {
  readonly templates: Templates;
}

/**
 * Real milliseconds after the customer's last message in which free words are allowed: Meta's 24 hours, less ten minutes
 * that a composed message may still wait for its turn.
 */
const conversationMs = (24 * 60 - 10) * 60_000;

/** WhatsApp over Twilio's Messages resource: free words in a conversation, an approved content template outside of one. */
export function createWhatsappChannel(settings: WhatsappSettings): MessageChannel<TwilioMessage> {
  const { templates, clock } = settings;
  const client = createTwilioClient(settings);
  const from = twilioAddress('whatsapp', settings.from);

  const contentOf = ({ template, locale, variables }: MessageContext): WhatsappContent => {
    const content = templates.whatsapp(template, locale, variables);
    if (content === undefined) throw new Error(`The template ${template} has no part for WhatsApp`);
    return content;
  };
  const inConversation = ({ lastHeardAt }: MessageContext, now: Date): boolean =>
    lastHeardAt !== null && clock.realMs(now.getTime() - lastHeardAt.getTime()) < conversationMs;

  return {
    compose: (context, now) => {
      const { text, content } = contentOf(context);
      const words = inConversation(context, now)
        ? { body: text }
        : { contentSid: content.sid, contentVariables: JSON.stringify(content.variables) };
      return { from, to: twilioAddress('whatsapp', context.address), ...words, ...followUp(context, settings, now) };
    },
    send: (message, mark) => submit(client, 'whatsapp', message, mark),
    lookUp: (sent) => {
      const { text, content } = contentOf(sent.context);
      const values = Object.values(content.variables);
      // Twilio shows a content template as the customer saw it: its own words around our values.
      const says = (body: string): boolean => body === text || (values.length > 0 && values.every((value) => body.includes(value)));
      return lookUp(client, { from, to: twilioAddress('whatsapp', sent.context.address), says, ours: settings.publicUrl }, sent);
    },
    close: () => Promise.resolve(),
  };
}
