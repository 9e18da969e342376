import type { EntityManager } from '@mikro-orm/postgresql';
import { releaseBudget, spendBudget, type BudgetShare } from '../campaigns/budget.js';
import { writeEvents } from '../outbox/write-events.js';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { notFound } from '../platform/problem.js';
import type { Offer, OfferState } from './offer.entity.js';
import { endedAs } from './offer-sql.js';

// An offer leaves `open` by one conditional update, and the same transaction moves its cost: so a cost is spent or
// released exactly once, however many try at the same time. Locks are taken in the order offer, campaign.

/**
 * The customer accepts the offer: its cost moves from reserved to spent.
 * @throws Problem not-found if there is no such offer
 */
export async function acceptOffer(
  tx: EntityManager,
  offerId: string,
  now: Date,
): Promise<'accepted' | 'already-accepted' | 'no-longer-open'> {
  const accepted = await tables<typeof Offer>(tx)
    .updateTable('Offer')
    .set({ state: 'accepted', settledAt: now })
    .where('id', '=', offerId)
    .where('state', '=', 'open')
    .where('expiresAt', '>', now)
    .returning(['campaign as campaignId', 'customer as customerId', 'enrolment as enrolmentId', 'cost'])
    .executeTakeFirst();
  if (accepted === undefined) return (await stateOf(tx, offerId)) === 'accepted' ? 'already-accepted' : 'no-longer-open';
  // An offer without a budget changes no budget.
  const { campaignId, cost, customerId, enrolmentId } = accepted;
  if (campaignId !== null) await spendBudget(tx, { campaignId, cost });
  await writeEvents(tx, [{ kind: 'offer.accepted', customerId, payload: { offerId, enrolmentId } }], now);
  return 'accepted';
}

/**
 * The customer declines the offer: its cost is released.
 * @returns false if it was no longer open, or its time was over
 */
export async function declineOffer(tx: EntityManager, offerId: string, now: Date): Promise<boolean> {
  return (await giveBack(tx, 'id', [offerId], 'declined', now)).includes('declined');
}

interface EndedOffer {
  /** Null if no budget paid the cost. */
  readonly campaignId: string | null;
  readonly cost: number;
}

const sharesOf = (ended: readonly EndedOffer[]): BudgetShare[] =>
  ended.flatMap(({ campaignId, cost }) => (campaignId === null ? [] : [{ campaignId, cost }]));

/** The most offers at a time, so that one transaction locks few rows. */
const expiredAtOnce = 500;

/**
 * Ends offers whose time is over, whatever happened to their journeys, and releases their cost. Call it regularly: it ends a bounded number
 * at a time, the earliest expiry first.
 */
export async function expireOffers(em: EntityManager, now: Date): Promise<{ readonly expired: number }> {
  return em.transactional(async (tx) => {
    const ended = await query<EndedOffer>(
      tx,
      `update offer set state = 'expired', settled_at = $1
       where id in (select id from offer where state = 'open' and expires_at <= $1 order by expires_at limit ${expiredAtOnce} for update skip locked)
       returning campaign_id as "campaignId", cost`,
      [now],
    );
    await releaseBudget(tx, sharesOf(ended));
    return { expired: ended.length };
  });
}

/** Withdraws the offers of a campaign that are still open although their journeys have ended, and releases their cost. */
export async function withdrawLeftOffers(tx: EntityManager, campaignId: string, now: Date): Promise<void> {
  const ended = await query<EndedOffer>(
    tx,
    `update offer o set state = ${endedAs('o', `'withdrawn'`, '$2')}, settled_at = $2 from enrolment e
     where o.campaign_id = $1 and o.state = 'open' and e.id = o.enrolment_id and e.state = 'closed'
     returning o.campaign_id as "campaignId", o.cost`,
    [campaignId, now],
  );
  await releaseBudget(tx, sharesOf(ended));
}

/** Ends all open offers of these enrolments, and releases their cost. */
export async function releaseOffers(
  tx: EntityManager,
  enrolmentIds: readonly string[],
  state: 'expired' | 'withdrawn' | 'declined',
  now: Date,
): Promise<void> {
  await giveBack(tx, 'enrolment_id', enrolmentIds, state, now);
}

/** Withdraws all open offers of a customer, and releases their cost. */
export async function releaseOffersOf(tx: EntityManager, customerId: string, now: Date): Promise<void> {
  await giveBack(tx, 'customer_id', [customerId], 'withdrawn', now);
}

/** An offer whose time is over becomes expired, whatever ends it. @returns the new state of each that was still open */
async function giveBack(
  tx: EntityManager,
  column: 'id' | 'enrolment_id' | 'customer_id',
  ids: readonly string[],
  state: Exclude<OfferState, 'open' | 'accepted'>,
  now: Date,
): Promise<OfferState[]> {
  const released = await query<EndedOffer & { state: OfferState }>(
    tx,
    `update offer o set state = ${endedAs('o', '$2', '$3')}, settled_at = $3
     where ${column} = any($1::uuid[]) and o.state = 'open' returning campaign_id as "campaignId", cost, o.state`,
    [ids, state, now],
  );
  await releaseBudget(tx, sharesOf(released));
  return released.map(({ state }) => state);
}

async function stateOf(tx: EntityManager, offerId: string): Promise<OfferState> {
  const row = await tables<typeof Offer>(tx).selectFrom('Offer').select('state').where('id', '=', offerId).executeTakeFirst();
  if (row === undefined) throw notFound('offer', offerId);
  return row.state;
}
