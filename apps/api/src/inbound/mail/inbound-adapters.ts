import type { Settings } from '../../../../../config/settings.js';
import type { MailAdapter, MakeMailAdapter, Outside } from './inbound-adapter.js';
import type { MailSource } from './inbound-pipeline.js';
import { mailgunEvents } from './mailgun-events.js';
import { mailgun } from './mailgun.js';
import { sendgridEvents } from './sendgrid-events.js';
import { sendgrid } from './sendgrid.js';
import { ses } from './ses.js';

/** The providers that hand over mail, or what became of ours, by a webhook. */
export type MailProvider = MailSource;

/** By the name of the webhook: the provider's own for the mail that it hands over. */
const webhooks: readonly (readonly [name: string, provider: MailProvider, make: MakeMailAdapter])[] = [
  ['sendgrid', 'sendgrid', sendgrid],
  ['sendgrid-events', 'sendgrid', sendgridEvents],
  ['ses', 'ses', ses],
  ['mailgun', 'mailgun', mailgun],
  ['mailgun-events', 'mailgun', mailgunEvents],
];

/** The adapters of the webhooks that are configured. @throws where a key cannot be read */
export function createMailAdapters(
  settings: Settings,
  outside: Outside,
): ReadonlyMap<string, { provider: MailProvider; adapter: MailAdapter }> {
  const made = webhooks.flatMap(([name, provider, make]) => {
    const adapter = make(settings, outside);
    return adapter === undefined ? [] : ([[name, { provider, adapter }]] as const);
  });
  return new Map(made);
}
