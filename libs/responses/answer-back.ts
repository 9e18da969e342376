import type { EntityManager } from '@mikro-orm/postgresql';
import type { AnswerKind } from '../journeys/answers/answer-kind.js';
import { answers } from '../journeys/answers/table.js';
import { isOpenAt, latestOffer, offerStateAt } from '../offers/offer-sql.js';
import { queryOne } from '../persistence/sql.js';
import type { ReceivedResponse } from './receive.js';

/** An automatic reply, on the channel of the answer. */
export interface AnswerBack {
  readonly kind: NonNullable<AnswerKind['saysBack']>;
  /** The customer's. */
  readonly locale: string;
}

/** The same reply is not repeated within this time, so that two programs cannot keep answering each other. In milliseconds. */
const onceWithin = 60 * 60 * 1000;

/**
 * The automatic reply to an answer that was just received: information and how to unsubscribe after a request for help, or that it is too
 * late after the acceptance of an ended offer. Only for customers, once for each answer, and never to a suppressed address: after STOP
 * nothing is sent.
 * @returns null if there is no reply
 */
export async function answerBack(
  em: EntityManager,
  { responseId, answer, repeated, customerId }: ReceivedResponse,
  addressHash: string,
  now: Date,
): Promise<AnswerBack | null> {
  const kind = answers.get(answer).saysBack;
  if (repeated || customerId === null || kind === undefined) return null;
  const facts = await queryOne<{ locale: string; suppressed: boolean; answered: boolean; ended: boolean }>(
    em,
    `select c.locale,
       exists (select from suppression s where s.channel = r.channel and s.address_hash = $2) as suppressed,
       exists (select from response b where b.customer_id = r.customer_id and b.channel = r.channel and b.answer = r.answer
                 and b.received_at > $3 and b.id < r.id) as answered,
       coalesce(${offerStateAt('o', '$4')} in ('declined', 'expired', 'withdrawn'), false)
         and not exists (select from offer p where p.customer_id = r.customer_id and ${isOpenAt('p', '$4')}) as ended
     from response r
     join customer c on c.id = r.customer_id
     left join message m on m.id = r.message_id
     left join offer o on o.id = coalesce(m.offer_id, ${latestOffer('l.id', 'r.enrolment_id')})
     where r.id = $1`,
    [responseId, addressHash, new Date(now.getTime() - onceWithin), now],
  );
  if (facts === undefined || facts.suppressed || facts.answered) return null;
  const { locale, ended } = facts;
  return kind === 'help' || ended ? { kind, locale } : null;
}
