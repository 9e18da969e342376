import { addressKindOf, channels, type AddressKind, type Channel } from '../channels/table.js';
import { readWords } from './reply-text.js';

/** How customers name a channel, in every language that answers are read in, as `readWords` spells words. */
const names: Readonly<Record<AddressKind, readonly string[]>> = {
  phone: [
    ...['sms', 'smser', 'smses', 'smsen', 'smsjes', 'smsje', 'smsy', 'smsow', 'smsa', 'text', 'texts', 'texting', 'txt', 'txts', 'txting'],
    ...['texto', 'textos', 'textnachricht', 'textnachrichten', 'kurznachricht', 'kurznachrichten', 'simsen', 'messaggini'],
    ...['whatsapp', 'whatsapps', 'whatsappen', 'whatsappa', 'whatsappy', 'appjes', 'appen', 'wasap', 'zap', 'torpedos', 'esemesow'],
    ...['textmeddelanden', 'textmeddelande', 'tekstbeskeder', 'tekstbesked', 'tekstberichten', 'esemesy', 'esemes'],
  ],
  email: [
    ...['email', 'emails', 'emailing', 'mail', 'mails', 'mailing', 'mailings', 'mailen', 'mailtjes', 'mailtje', 'courriel', 'courriels'],
    ...['correo', 'correos', 'maile', 'maili', 'maila', 'emaile', 'emaili', 'emailer', 'mejl', 'mejlen', 'mejla', 'epost', 'werbemails'],
    ...['eposten', 'mailer', 'posta', 'newsletter', 'newsletters', 'nyhedsbrev', 'nyhetsbrev', 'nieuwsbrief', 'boletin', 'boletines'],
  ],
};

/** The channels that the words of an answer name: a text and a WhatsApp message ring at one telephone, so either names both. */
export function namedChannels(text: string): readonly Channel[] {
  const words = new Set(readWords(text.replace(/\be-(?=mail|post)/gi, 'e')).map((word) => word.text));
  return channels.filter((channel) => names[addressKindOf(channel)].some((name) => words.has(name)));
}
