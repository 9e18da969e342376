import { Kinds } from '../../platform/kinds.js';
import type { MailAdapter, Outside } from './inbound-adapter.js';
import type { MailProvider } from './mail-provider.js';
import { mailgun } from './mailgun.js';
import { sendgrid } from './sendgrid.js';
import { ses } from './ses.js';

/** Every mail provider. A new one is a file beside this one, and a line here. */
export const mailProviders = new Kinds<MailProvider>('mail provider', { sendgrid, ses, mailgun });

/** A provider's door that is open. */
export interface MailDoor {
  readonly provider: string;
  readonly adapter: MailAdapter;
}

/**
 * The doors that are set, by their names.
 * @param values of the variables of all providers
 * @throws where a key cannot be read, or two doors have one name
 */
export function openMailDoors(values: object, outside: Outside): ReadonlyMap<string, MailDoor> {
  const doors = new Map<string, MailDoor>();
  for (const [provider, kind] of mailProviders.entries) {
    for (const [name, adapter] of Object.entries(kind.doors(values, outside))) {
      if (doors.has(name)) throw new Error(`There are two doors for mail called ${name}`);
      if (adapter !== undefined) doors.set(name, { provider, adapter });
    }
  }
  return doors;
}
