import { z } from 'zod';
import { mailProvider } from '../mail-provider.js';
import { mailgunEvents } from './mailgun-events.js';
import { mailgunMail } from './mailgun-mail.js';

/** Mailgun: its routes, and its webhooks. */
export const mailgun = mailProvider(
  { PERENNIAL_MAILGUN_SIGNING_KEY: z.string().min(1).optional().describe("Mailgun's HTTP webhook signing key") },
  ({ PERENNIAL_MAILGUN_SIGNING_KEY: key }, outside) => ({
    mailgun: key === undefined ? undefined : mailgunMail(key, outside),
    'mailgun-events': key === undefined ? undefined : mailgunEvents(key, outside),
  }),
);
