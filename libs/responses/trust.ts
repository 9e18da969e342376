import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../customers/contact-point.entity.js';
import { queryOne } from '../persistence/sql.js';
import type { Classification } from './classify.js';
import type { Sender } from './find-sender.js';

/** Answers that settle an offer, so that money hangs on who gave them. */
const settling: readonly Classification['answer'][] = ['accepted', 'declined'];

/** What is known of where an answer in words came from. */
export interface Origin {
  readonly channel: Channel;
  /** Who a mail says it is from; undefined where the door itself has checked who writes. */
  readonly from: readonly string[] | undefined;
}

/**
 * What an answer in words counts for, given who gave it: a reply address is held by whoever was handed the mail on, so a
 * yes or no from an address that is not the customer's goes to a person; so does a yes from an address, or from the same line
 * on another channel, that has said STOP or complained and has not taken that back. Opt-outs count from anybody.
 */
export async function weigh(tx: EntityManager, said: Classification, sender: Sender | undefined, origin: Origin): Promise<Classification> {
  if (sender === undefined || !settling.includes(said.answer)) return said;
  if (origin.from !== undefined && !(await isOfCustomer(tx, sender.customerId, origin.from))) {
    return { answer: 'unclear', because: `${said.answer}, but from another address: ${said.because}` };
  }
  if (said.answer === 'accepted' && sender.addressHash !== null && (await hasEnded(tx, sender, sender.addressHash, origin.channel))) {
    return { answer: 'unclear', because: `accepted, but after an opt-out: ${said.because}` };
  }
  return said;
}

/** Are all these e-mail addresses the customer's? */
async function isOfCustomer(tx: EntityManager, customerId: string, from: readonly string[]): Promise<boolean> {
  const row = await queryOne<{ known: number }>(
    tx,
    `select count(distinct lower(address))::int as known from contact_point
     where customer_id = $1 and channel = 'email' and lower(address) = any($2::text[])`,
    [customerId, from],
  );
  return from.length > 0 && row?.known === from.length;
}

/** Was an opt-out given for this address, or for the same line on another channel, and not taken back? */
async function hasEnded(tx: EntityManager, { customerId }: Sender, addressHash: string, channel: Channel): Promise<boolean> {
  const row = await queryOne<{ ended: boolean }>(
    tx,
    `select exists (
       select from contact_point p join contact_point line on line.customer_id = p.customer_id and line.address = p.address
       where p.customer_id = $1 and p.channel = $2 and p.address_hash = $3
         and (exists (select from suppression s where s.channel = line.channel and s.address_hash = line.address_hash)
              or (select not e.granted from consent_event e
                  where e.customer_id = line.customer_id and e.channel = line.channel and e.address_hash = line.address_hash
                    and e.purpose = 'marketing'
                  order by e.at desc, e.id desc limit 1))
     ) as ended`,
    [customerId, channel, addressHash],
  );
  return row?.ended === true;
}
