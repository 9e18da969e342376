import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../../persistence/sql.js';

/** The data of an e-mail of the ledger for reports about it. */
export interface MailedMessage {
  /** Null if it is no longer stored. */
  readonly address: string | null;
  /** Null if its dispatcher has not recorded that it was accepted. */
  readonly providerId: string | null;
}

/** An e-mail of the ledger, or undefined if the id is of none. */
export async function findMailed(em: EntityManager, messageId: string): Promise<MailedMessage | undefined> {
  return queryOne<MailedMessage>(
    em,
    `select p.address, m.provider_id as "providerId"
     from message m left join contact_point p on p.id = m.contact_point_id where m.id = $1 and m.channel = 'email'`,
    [messageId],
  );
}
