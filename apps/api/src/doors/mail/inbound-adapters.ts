import type { Settings } from '../../../../../config/settings.js';
import type { MailAdapter, MakeMailAdapter, Outside } from './inbound-adapter.js';
import type { MailSource } from './inbound-pipeline.js';
import { mailgun } from './mailgun.js';
import { sendgrid } from './sendgrid.js';
import { ses } from './ses.js';

/** The providers that hand over mail by a webhook. */
export type MailProvider = Exclude<MailSource, 'smtp'>;

const makers: Readonly<Record<MailProvider, MakeMailAdapter>> = { sendgrid, ses, mailgun };

/** The adapters of the providers that are configured. @throws where one's key cannot be read */
export function createMailAdapters(
  settings: Settings,
  outside: Outside,
): ReadonlyMap<string, { provider: MailProvider; adapter: MailAdapter }> {
  const made = (Object.entries(makers) as [MailProvider, MakeMailAdapter][]).flatMap(([provider, make]) => {
    const adapter = make(settings, outside);
    return adapter === undefined ? [] : ([[provider, { provider, adapter }]] as const);
  });
  return new Map(made);
}
