import type { EntityManager } from '@mikro-orm/postgresql';
import { answers } from '../journeys/answers/table.js';
import { isOpenAt } from '../offers/offer-sql.js';
import type { Offer } from '../offers/offer.entity.js';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import type { Classification } from './classify.js';
import { underway, sent, type CameBy, type Respondent } from './find-respondent.js';

interface OpenOffer extends Pick<Respondent, 'enrolmentId' | 'underway'> {
  readonly offerId: string;
}

/**
 * The offer that a simple yes from an address accepts: the one of the latest message there if it is open, otherwise the customer's only
 * open offer on any channel. If there are several, a person decides.
 */
export async function findOpenOffer(
  tx: EntityManager,
  said: Classification,
  respondent: Respondent | undefined,
  by: CameBy,
  now: Date,
): Promise<{ readonly said: Classification; readonly respondent: Respondent | undefined }> {
  if (respondent === undefined || answers.get(said.answer).offer !== 'accept' || !('addressHash' in by)) return { said, respondent };
  const open = await query<OpenOffer>(
    tx,
    `select o.id as "offerId", e.id as "enrolmentId", ${underway}
     from offer o left join enrolment e on e.id = o.enrolment_id
     where o.customer_id = $1 and ${isOpenAt('o', '$2')}
       and exists (select from message m where m.customer_id = o.customer_id and m.offer_id = o.id and ${sent})
     order by o.id`,
    [respondent.customerId, now],
  );
  const [only] = open;
  if (only === undefined || open.some(({ offerId }) => offerId === respondent.offerId)) return { said, respondent };
  if (open.length > 1)
    return { said: { answer: 'unclear', because: `${said.answer}, but several offers are open: ${said.because}` }, respondent };
  // A yes to an already accepted offer only repeats it.
  return (await isTaken(tx, respondent.offerId)) ? { said, respondent } : { said, respondent: { ...respondent, ...only, messageId: null } };
}

async function isTaken(tx: EntityManager, offerId: string | null): Promise<boolean> {
  const taken = tables<typeof Offer>(tx).selectFrom('Offer').select('id').where('id', '=', offerId).where('state', '=', 'accepted');
  return (await taken.executeTakeFirst()) !== undefined;
}
