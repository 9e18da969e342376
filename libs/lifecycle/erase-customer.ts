import type { EntityManager } from '@mikro-orm/postgresql';
import { createHmac, hkdfSync } from 'node:crypto';
import { eraseAnswers, eraseFromAlerts } from '../access/erase-answers.js';
import { eraseEnrolments } from '../campaigns/erase-enrolments.js';
import { keepState } from '../campaigns/campaign-lock.js';
import { noteGoalsOf } from '../campaigns/goals.js';
import { eraseConsent } from '../consent/erase-consent.js';
import { hashAddress } from '../channels/address/hash-address.js';
import { addressKindOf, channels } from '../channels/table.js';
import { eraseIdentity, lockIdentity, type Identity } from '../customers/erase-identity.js';
import { lockAllLiving } from '../customers/living.js';
import { eraseMessages, lockMessages } from '../messaging/planning/erase-messages.js';
import { eraseOffers } from '../offers/erase-offers.js';
import { releaseOffersOf } from '../offers/settle-offer.js';
import { writeEvents } from '../outbox/write-events.js';
import { retriedTransaction } from '../persistence/retried.js';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { notFound, Problem } from '../platform/problem.js';
import { eraseResponses, lockTasks } from '../responses/erase-responses.js';
import { eraseScores } from '../scores/erase-scores.js';
import { closeEnrolments } from './enrolments.js';

/** Whom to erase: by our id, or by the company's own number. */
export type Erasable = { readonly customerId: string } | { readonly externalId: string };

export interface Erased {
  readonly customerId: string;
  readonly erasedAt: Date;
  /** `api-key:<id>`, or `cli:<user>`. */
  readonly erasedBy: string;
  /** How many rows of each kind were removed or emptied. */
  readonly removed: Readonly<Record<string, number>>;
}

/**
 * Erases a customer (GDPR article 17), in one transaction: running journeys end as cancelled, messages that were not submitted are
 * withdrawn, and the remaining data does not identify them. Rows that reports count remain, without personal data. Their addresses stay
 * blocked, as keyed hashes. A repeated erasure returns the first answer. docs/erasure.md says what happens to each table.
 * @param secret keys the hashes
 * @param by who does it, as in `api-key:<id>`
 * @throws Problem not-found if there is, and was, no such customer
 */
export async function eraseCustomer(em: EntityManager, whom: Erasable, secret: string, by: string, now: Date): Promise<Erased> {
  return retriedTransaction(em, 5, (tx) => erase(tx, whom, secret, by, now));
}

async function erase(tx: EntityManager, whom: Erasable, secret: string, by: string, now: Date): Promise<Erased> {
  const customerId = await findLiving(tx, whom);
  if (customerId !== undefined) {
    // In the order of libs/customers/living.ts; a second erasure waits here.
    await lockAllLiving(tx, [customerId]);
    await endEnrolments(tx, customerId, now);
    await lockMessages(tx, customerId);
    await lockTasks(tx, customerId);
    // Enrolments that were added in the meantime: none can be added after the customer is locked.
    const identity = await lockIdentity(tx, customerId);
    if (identity !== undefined) {
      const ids = await endEnrolments(tx, customerId, now);
      return forget(tx, customerId, identity, ids, secret, by, now);
    }
  }
  const before = await findErased(tx, whom, secret);
  if (before !== undefined) return before;
  if ('customerId' in whom) throw notFound('customer', whom.customerId);
  throw new Problem('not-found', 'There is no customer of this external id', [], 'Look them up with GET /v1/customers?search=.');
}

async function findLiving(tx: EntityManager, whom: Erasable): Promise<string | undefined> {
  const column = 'customerId' in whom ? 'id' : 'external_id';
  const value = 'customerId' in whom ? whom.customerId : whom.externalId;
  return (await queryOne<{ id: string }>(tx, `select id from customer where ${column} = $1 and erased_at is null`, [value]))?.id;
}

function findErased(tx: EntityManager, whom: Erasable, secret: string): Promise<Erased | undefined> {
  const column = 'customerId' in whom ? 'customer_id' : 'external_id_hash';
  const value = 'customerId' in whom ? whom.customerId : hashOf(secret, whom.externalId);
  return queryOne<Erased>(
    tx,
    `select customer_id as "customerId", erased_at as "erasedAt", erased_by as "erasedBy", removed from erasure
     where ${column} = $1 order by erased_at desc limit 1`,
    [value],
  );
}

/**
 * Records whether goals were reached, while the data still exists; then ends running journeys. Held-out enrolments continue to the end of
 * their window, because they are only measured.
 * @returns the ids of all enrolments
 */
async function endEnrolments(tx: EntityManager, customerId: string, now: Date): Promise<string[]> {
  const enrolments = await query<{ id: string; campaignId: string; runs: boolean }>(
    tx,
    `select id, campaign_id as "campaignId", state = 'pending' or (arm = 'treated' and state <> 'closed') as runs
     from enrolment where customer_id = $1 order by id for no key update`,
    [customerId],
  );
  for (const [campaignId, those] of Map.groupBy(enrolments, (each) => each.campaignId)) {
    await noteGoalsOf(
      tx,
      campaignId,
      those.map(({ id }) => id),
      now,
    );
  }
  const running = enrolments.filter(({ runs }) => runs);
  for (const { id } of running) await keepState(tx, id);
  await closeEnrolments(
    tx,
    running.map(({ id }) => id),
    'cancelled',
    now,
  );
  return enrolments.map(({ id }) => id);
}

async function forget(
  tx: EntityManager,
  customerId: string,
  identity: Identity,
  enrolmentIds: readonly string[],
  secret: string,
  by: string,
  now: Date,
): Promise<Erased> {
  const ids = [customerId, ...enrolmentIds, ...(await idsOf(tx, customerId))];
  const blocked = identity.addresses.flatMap(({ channel, address }) =>
    channels
      .filter((each) => addressKindOf(each) === addressKindOf(channel))
      .map((each) => ({ channel: each, addressHash: hashAddress(secret, each, address) })),
  );
  const unique = [...new Map(blocked.map((each) => [`${each.channel} ${each.addressHash}`, each])).values()];
  const words = [
    customerId,
    identity.externalId,
    ...(identity.name === null ? [] : [identity.name]),
    ...identity.addresses.map((each) => each.address),
  ];
  await releaseOffersOf(tx, customerId, now);
  const removed = {
    enrolments: await eraseEnrolments(tx, customerId),
    ...(await eraseMessages(tx, customerId, now)),
    ...(await eraseOffers(tx, customerId)),
    ...(await eraseResponses(tx, customerId, by, now)),
    scores: await eraseScores(tx, customerId),
    consentEvents: await eraseConsent(tx, customerId, unique, now),
    ...(await eraseIdentity(tx, customerId, now)),
    storedAnswers: await eraseAnswers(tx, ids, words),
    alerts: await eraseFromAlerts(tx, words),
  };
  await query(
    tx,
    'insert into erasure (id, customer_id, external_id_hash, erased_at, erased_by, removed) values ($1, $2, $3, $4, $5, $6)',
    [newId(), customerId, hashOf(secret, identity.externalId), now, by, JSON.stringify(removed)],
  );
  // Notifies the journeys, which then end.
  await writeEvents(tx, [{ kind: 'customer.erased', customerId, payload: {} }], now);
  return { customerId, erasedAt: now, erasedBy: by, removed };
}

/** The ids by which a stored answer may belong to the customer. */
async function idsOf(tx: EntityManager, customerId: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    tx,
    `select id from message where customer_id = $1 union all select id from offer where customer_id = $1
     union all select id from task where customer_id = $1 union all select id from message_request where customer_id = $1
     union all select id from contact_point where customer_id = $1 union all select id from consent_event where customer_id = $1`,
    [customerId],
  );
  return rows.map(({ id }) => id);
}

/** A keyed hash of the company's own number of a customer. */
function hashOf(secret: string, externalId: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'perennial external id', 32));
  return createHmac('sha256', key).update(externalId).digest('hex');
}
