import type { EntityManager } from '@mikro-orm/postgresql';
import { lastLocale } from '../../channels/contract/template-locale.js';
import type { Channel } from '../../channels/table.js';
import { newestWith } from '../../content/publications.js';
import { lockLiving } from '../../customers/living.js';
import type { Purpose } from '../../channels/purpose.js';
import { isOpenAt } from '../../offers/offer-sql.js';
import { retriedTransaction } from '../../persistence/retried.js';
import { query, queryOne } from '../../persistence/sql.js';
import { newId } from '../../platform/ids.js';
import { conflict, Problem } from '../../platform/problem.js';
import type { PolicyTables } from '../contact-policy/policy-tables.js';
import type { MessageState } from '../ledger/message.entity.js';
import { templatesFolder } from '../templates/templates-content.js';
import type { MessageRequestState } from './message-request.entity.js';
import { planMessage } from './plan-message.js';

/** A requested message outside of a journey: a service notice, a message after a call, a loyalty grant. */
export interface WantedMessage {
  readonly customerId: string;
  /** The caller's reference: the same one for the same customer again gives the first answer. */
  readonly reference: string;
  readonly template: string;
  readonly purpose: Purpose;
  /** `preferred`: the channel that the customer prefers, then the others; or one channel only. */
  readonly channel: 'preferred' | Channel;
  /** The offer that it shows. */
  readonly offerId: string | null;
  /** When it becomes useless; a week from now if it is null. */
  readonly endsAt: Date | null;
  /** Who requests it, as in `api-key:<id>`. */
  readonly by: string;
}

/** The state of a request. */
export interface RequestedMessage {
  readonly id: string;
  readonly reference: string;
  readonly state: MessageRequestState;
  /** When the contact policy is asked again; null unless it waits. */
  readonly dueAt: Date | null;
  /** Why it waits or is blocked; null if it is planned. */
  readonly reason: string | null;
  readonly message: { readonly id: string; readonly channel: Channel; readonly state: MessageState } | null;
}

const longestMs = 7 * 24 * 60 * 60 * 1000;
/** References with this beginning are reserved for the product. */
export const ownReference = 'desk:';

/**
 * Requests a message and plans it, if the contact policy allows it now. A deferred request waits, and is planned when its time comes (see
 * planDueRequests). It keeps the present texts, whatever is published before it is sent. A second call with the same reference returns the
 * state of the request and requests nothing more.
 * @throws Problem not-found if there is no such customer, conflict if the reference was used for another message, invalid if there is no
 *   such template, invalid or conflict if the offer is not theirs or has ended
 */
export async function requestMessage(tx: EntityManager, wanted: WantedMessage, tables: PolicyTables, now: Date): Promise<RequestedMessage> {
  await lockLiving(tx, wanted.customerId);
  const { customerId, reference, template, purpose, channel, offerId, by } = wanted;
  const earlier = await queryOne<{ id: string; same: boolean }>(
    tx,
    `select id, template = $3 and purpose = $4 and channel = $5 and offer_id is not distinct from $6::uuid
              and ends_at = coalesce($7::timestamptz, requested_at + $8 * interval '1 millisecond') as same
     from message_request where customer_id = $1 and reference = $2`,
    [customerId, reference, template, purpose, channel, offerId, wanted.endsAt, longestMs],
  );
  if (earlier !== undefined) {
    if (!earlier.same) throw conflict('This reference was used for another message', 'Use a new reference for each message.');
    return requestOf(tx, earlier.id);
  }
  await expectTemplate(template, tables);
  if (offerId !== null) await expectOpenOffer(tx, customerId, offerId, now);
  const endsAt = wanted.endsAt ?? new Date(now.getTime() + longestMs);
  if (endsAt <= now) throw new Problem('invalid', 'The request is not valid', [{ where: 'endsAt', what: 'is over already' }]);
  const id = newId();
  await query(
    tx,
    `insert into message_request (id, customer_id, reference, template, publication, purpose, channel, offer_id, state, occurrence, due_at, ends_at,
       failed, requested_at, requested_by)
     values ($1, $2, $3, $4, $11, $5, $6, $7, 'waiting', 1, $8, $9, '{}', $8, $10)`,
    [
      id,
      customerId,
      reference,
      template,
      purpose,
      channel,
      offerId,
      now,
      endsAt,
      by,
      await newestWith(tx, `${templatesFolder}/${template}`),
    ],
  );
  await planRequest(tx, id, tables, now);
  return requestOf(tx, id);
}

async function expectTemplate(template: string, { textsAt }: PolicyTables): Promise<void> {
  const textsFor = await textsAt(null);
  if (textsFor(template, lastLocale) === null)
    throw new Problem('invalid', 'The request is not valid', [{ where: 'template', what: `There is no template ${template}` }]);
}

async function expectOpenOffer(tx: EntityManager, customerId: string, offerId: string, now: Date): Promise<void> {
  const offer = await queryOne<{ open: boolean }>(
    tx,
    `select ${isOpenAt('o', '$3')} as open from offer o where o.id = $1 and o.customer_id = $2`,
    [offerId, customerId, now],
  );
  if (offer === undefined)
    throw new Problem('invalid', 'The request is not valid', [{ where: 'offer', what: 'is not an offer of this customer' }]);
  if (!offer.open) throw conflict('The offer is no longer open', 'Make a new offer, or write without one.');
}

async function requestOf(tx: EntityManager, id: string): Promise<RequestedMessage> {
  const request = await queryOne<RequestedMessage>(
    tx,
    `select q.id, q.reference, q.state, q.due_at as "dueAt", q.reason,
            case when m.id is not null then jsonb_build_object('id', m.id, 'channel', m.channel, 'state', m.state) end as message
     from message_request q left join message m on m.id = q.message_id where q.id = $1`,
    [id],
  );
  if (request === undefined) throw new Error(`The request ${id} is gone`);
  return request;
}

interface Due {
  readonly occurrence: number;
  readonly template: string;
  readonly purpose: Purpose;
  readonly channel: 'preferred' | Channel;
  readonly failed: readonly string[];
  readonly endsAt: Date;
}

/** Asks the contact policy for one waiting request, and stores the answer. The caller holds the lock on the request's row. */
async function planRequest(tx: EntityManager, requestId: string, tables: PolicyTables, now: Date): Promise<void> {
  const due = await queryOne<Due>(
    tx,
    'select occurrence, template, purpose, channel, failed, ends_at as "endsAt" from message_request where id = $1',
    [requestId],
  );
  if (due === undefined) throw new Error(`The request ${requestId} is gone`);
  const { occurrence, template, purpose, channel, failed, endsAt } = due;
  if (endsAt <= now) return settle(tx, requestId, { state: 'blocked', reason: 'too-late' });
  const wish = { template, purpose, channel, occurrence, except: failed, last: null };
  const result = await planMessage(tx, { requestId, ...wish, now }, tables);
  if (result.kind === 'planned') return settle(tx, requestId, { state: 'planned', messageId: result.messageId });
  if (result.kind === 'blocked') return settle(tx, requestId, { state: 'blocked', reason: result.reason });
  const dueAt = new Date(result.until);
  return settle(
    tx,
    requestId,
    dueAt < endsAt ? { state: 'waiting', reason: result.reason, dueAt } : { state: 'blocked', reason: result.reason },
  );
}

async function settle(
  tx: EntityManager,
  requestId: string,
  to: { readonly state: MessageRequestState; readonly messageId?: string; readonly reason?: string; readonly dueAt?: Date },
): Promise<void> {
  await query(
    tx,
    `update message_request set state = $2, message_id = coalesce($3, message_id), reason = $4, due_at = $5,
       occurrence = case when $2 = 'waiting' then occurrence + 1 else occurrence end
     where id = $1`,
    [requestId, to.state, to.messageId ?? null, to.reason ?? null, to.dueAt ?? null],
  );
}

/** The most requests at a time, so that one call is short. */
const atOnce = 100;

/**
 * Plans the requests whose time has come, each in its own transaction. A journey would wake for its message; these have no journey, so this
 * is called regularly, by any number of processes at once.
 * @returns how many requests were handled
 */
export async function planDueRequests(em: EntityManager, tables: PolicyTables, now: Date): Promise<{ readonly asked: number }> {
  let asked = 0;
  while (asked < atOnce) {
    const found = await retriedTransaction(em.fork(), 5, async (tx) => {
      const next = await queryOne<{ id: string }>(
        tx,
        `select id from message_request where state = 'waiting' and due_at <= $1 order by due_at, id limit 1 for update skip locked`,
        [now],
      );
      if (next !== undefined) await planRequest(tx, next.id, tables, now);
      return next !== undefined;
    });
    if (!found) break;
    asked += 1;
  }
  return { asked };
}
