import { Kinds } from '../../../platform/kinds.js';
import type { MailAdapter, Outside } from './inbound-adapter.js';
import type { MailProvider } from './mail-provider.js';
import { mailgun } from './mailgun/mailgun.js';
import { sendgrid } from './sendgrid/sendgrid.js';
import { ses } from './ses/ses.js';

/** Every mail provider. A new one is a file beside this one, and a line here. */
export const mailProviders = new Kinds<MailProvider>('mail provider', { sendgrid, ses, mailgun });

/** A webhook of a provider that is set. */
export interface MailWebhook {
  readonly provider: string;
  readonly adapter: MailAdapter;
}

/**
 * The webhooks that are set, by their names.
 * @param values of the variables of all providers
 * @throws if a key cannot be read, or two webhooks have one name
 */
export function openMailWebhooks(values: object, outside: Outside): ReadonlyMap<string, MailWebhook> {
  const webhooks = new Map<string, MailWebhook>();
  for (const [provider, kind] of mailProviders.entries) {
    for (const [name, adapter] of Object.entries(kind.webhooks(values, outside))) {
      if (webhooks.has(name)) throw new Error(`There are two webhooks for mail called ${name}`);
      if (adapter !== undefined) webhooks.set(name, { provider, adapter });
    }
  }
  return webhooks;
}
