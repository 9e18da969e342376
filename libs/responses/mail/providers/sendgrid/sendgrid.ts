import { z } from 'zod';
import { mailProvider } from '../mail-provider.js';
import { sendgridEvents } from './sendgrid-events.js';
import { sendgridMail } from './sendgrid-mail.js';

/** SendGrid: Inbound Parse, and the Event Webhook. */
export const sendgrid = mailProvider(
  {
    PERENNIAL_SENDGRID_INBOUND_KEY: z.string().min(1).optional().describe("the public key of the Inbound Parse webhook's security policy"),
    PERENNIAL_SENDGRID_EVENTS_KEY: z.string().min(1).optional().describe('the public key of the signed Event Webhook'),
  },
  ({ PERENNIAL_SENDGRID_INBOUND_KEY: inbound, PERENNIAL_SENDGRID_EVENTS_KEY: events }, outside) => ({
    sendgrid: inbound === undefined ? undefined : sendgridMail(inbound, outside),
    'sendgrid-events': events === undefined ? undefined : sendgridEvents(events, outside),
  }),
);
