import { z } from 'zod';
import { allOrNone } from '../../platform/settings-error.js';
import type { ChannelKind } from '../channel-kind.js';
import { channelSettings } from '../channel-settings.js';
import type { DkimSettings } from './dkim.js';
import { emailTemplate, type EmailContent } from './template.js';
import { texts } from './texts.js';

interface OwnSettings {
  readonly url: string;
  readonly from: string;
  readonly connections: number;
  readonly dkim: DkimSettings | undefined;
}

/** E-mail over SMTP. */
export const email: ChannelKind<OwnSettings> = {
  address: 'email',
  words: { called: 'e-mail', message: 'an e-mail' },
  texts,
  named: [
    ...['email', 'emails', 'emailing', 'mail', 'mails', 'mailing', 'mailings', 'mailen', 'mailtjes', 'mailtje', 'courriel', 'courriels'],
    ...['correo', 'correos', 'maile', 'maili', 'maila', 'emaile', 'emaili', 'emailer', 'mejl', 'mejlen', 'mejla', 'epost', 'werbemails'],
    ...['eposten', 'mailer', 'posta', 'newsletter', 'newsletters', 'nyhedsbrev', 'nyhetsbrev', 'nieuwsbrief', 'boletin', 'boletines'],
  ],
  // Offers: mail about the contract continues until the customer ends that too.
  optOutEnds: ['marketing'],
  imports: { field: 'email', consents: /mail|newsletter/i },
  replies: { longest: 10_000, withinMs: Infinity },
  settings: channelSettings(
    {
      PERENNIAL_SMTP_URL: z.url({ protocol: /^smtps?$/ }).describe('the mail server that e-mail is sent through'),
      PERENNIAL_MAIL_FROM: z.email().describe('the sender of every e-mail'),
      PERENNIAL_DKIM_DOMAIN: z.hostname().optional().describe('the domain that signs e-mails'),
      PERENNIAL_DKIM_SELECTOR: z
        .string()
        .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'must be a DNS name')
        .optional()
        .describe('names its public key in the DNS: <selector>._domainkey.<domain>'),
      PERENNIAL_DKIM_PRIVATE_KEY: z
        .string()
        .optional()
        .describe('the private key, RSA or Ed25519: a PEM, or the path of a file that holds one'),
      PERENNIAL_SMTP_CONNECTIONS: z.coerce.number().int().min(1).max(200).default(20).describe('connections to the mail server, at most'),
      PERENNIAL_EMAIL_RATE: z.coerce.number().positive().default(500).describe('e-mails a second, at most'),
    },
    (values) => {
      const connections = values.PERENNIAL_SMTP_CONNECTIONS;
      const dkim = allOrNone(
        {
          domain: values.PERENNIAL_DKIM_DOMAIN,
          selector: values.PERENNIAL_DKIM_SELECTOR,
          privateKey: values.PERENNIAL_DKIM_PRIVATE_KEY,
        },
        'PERENNIAL_DKIM_DOMAIN, PERENNIAL_DKIM_SELECTOR and PERENNIAL_DKIM_PRIVATE_KEY',
      );
      const own = { url: values.PERENNIAL_SMTP_URL, from: values.PERENNIAL_MAIL_FROM, connections, dkim };
      return { own, ratePerSecond: values.PERENNIAL_EMAIL_RATE, connections };
    },
  ),
  template: emailTemplate,
  preview: {
    shown: z.object({ subject: z.string(), html: z.string(), text: z.string() }),
    show: ({ subject, html, text }: EmailContent) => ({ subject, html: html.join(''), text: text.join('') }),
  },
  providerId: (messageId, replyDomain) => `${messageId}@${replyDomain}`,
  open: async (own, around) => (await import('./email.js')).createEmailChannel({ ...around, ...own }),
};
