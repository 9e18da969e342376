import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { day, makeCampaign, makeCustomer, makeEnrolment, makeOffer, testNow } from '../../test/harness/factories.js';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { acceptOffer, declineOffer, expireOffers, releaseOffers } from './settle-offer.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(20);
});
afterAll(() => db.close());

const tomorrow = new Date(testNow.getTime() + day);
const inTransaction = <T>(work: (tx: EntityManager) => Promise<T>): Promise<T> => db.orm.em.fork().transactional(work);

/** An open offer of 12.00 EUR, reserved. */
async function openOffer(): Promise<{ campaignId: string; enrolmentId: string; offerId: string }> {
  const em = db.orm.em.fork();
  const campaign = await makeCampaign(em);
  const enrolment = await makeEnrolment(em, campaign, (await makeCustomer(em)).id);
  const offer = await makeOffer(em, enrolment);
  return { campaignId: campaign.id, enrolmentId: enrolment.id, offerId: offer.id };
}

async function books(made: { campaignId: string; offerId: string }): Promise<unknown> {
  return queryOne(
    db.orm.em.fork(),
    `select k.budget_reserved as reserved, k.budget_spent as spent, o.state from campaign k, offer o where k.id = $1 and o.id = $2`,
    [made.campaignId, made.offerId],
  );
}

describe('expireOffers', () => {
  const over = new Date(testNow.getTime() + 14 * day);
  const expire = (now: Date): Promise<{ expired: number }> => expireOffers(db.orm.em.fork(), now);

  it('ends expired offers, also if their journey has already ended, and releases the cost once', async () => {
    const [left, taken, refused] = [await openOffer(), await openOffer(), await openOffer()];
    await query(db.orm.em.fork(), `update enrolment set state = 'closed', outcome = 'handed-over' where id = $1`, [left.enrolmentId]);
    await inTransaction((tx) => acceptOffer(tx, taken.offerId, tomorrow));
    await inTransaction((tx) => declineOffer(tx, refused.offerId, tomorrow));
    await expire(tomorrow);
    expect(await books(left)).toMatchObject({ state: 'open' });
    await Promise.all(Array.from({ length: 5 }, () => expire(over)));
    expect(await books(left)).toEqual({ reserved: 0, spent: 0, state: 'expired' });
    expect(await books(taken)).toEqual({ reserved: 1_200, spent: 1_200, state: 'accepted' });
    expect(await books(refused)).toEqual({ reserved: 0, spent: 0, state: 'declined' });
    expect(await expire(over)).toEqual({ expired: 0 });
  });

  it('and an answer or the end of the journey at the same moment: the cost moves once', async () => {
    for (let round = 0; round < 10; round++) {
      const made = await openOffer();
      await Promise.all([
        expire(over),
        inTransaction((tx) => declineOffer(tx, made.offerId, over)),
        inTransaction((tx) => releaseOffers(tx, [made.enrolmentId], 'withdrawn', over)),
        inTransaction((tx) => acceptOffer(tx, made.offerId, over)),
      ]);
      expect(await books(made)).toMatchObject({
        reserved: 0,
        spent: 0,
        state: expect.stringMatching(/expired|declined|withdrawn/) as string,
      });
    }
  });
});

describe('acceptOffer', () => {
  it('spends the reserved amount once', async () => {
    const made = await openOffer();
    expect(await inTransaction((tx) => acceptOffer(tx, made.offerId, tomorrow))).toBe('accepted');
    expect(await inTransaction((tx) => acceptOffer(tx, made.offerId, tomorrow))).toBe('already-accepted');
    expect(await books(made)).toEqual({ reserved: 1_200, spent: 1_200, state: 'accepted' });
  });

  it('accepts no offer that has expired, even if it is not closed yet', async () => {
    const made = await openOffer();
    const late = new Date(testNow.getTime() + 14 * day);
    expect(await inTransaction((tx) => acceptOffer(tx, made.offerId, late))).toBe('no-longer-open');
    expect(await books(made)).toEqual({ reserved: 1_200, spent: 0, state: 'open' });
  });

  it('accepts no offer that was declined', async () => {
    const made = await openOffer();
    expect(await inTransaction((tx) => declineOffer(tx, made.offerId, tomorrow))).toBe(true);
    expect(await inTransaction((tx) => acceptOffer(tx, made.offerId, tomorrow))).toBe('no-longer-open');
    expect(await books(made)).toEqual({ reserved: 0, spent: 0, state: 'declined' });
  });

  it('reports that there is no such offer', async () => {
    await expect(inTransaction((tx) => acceptOffer(tx, newId(), testNow))).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('declineOffer and releaseOffers', () => {
  it('release the cost once', async () => {
    const made = await openOffer();
    await inTransaction((tx) => releaseOffers(tx, [made.enrolmentId], 'expired', tomorrow));
    await inTransaction((tx) => releaseOffers(tx, [made.enrolmentId], 'withdrawn', tomorrow));
    expect(await inTransaction((tx) => declineOffer(tx, made.offerId, tomorrow))).toBe(false);
    expect(await books(made)).toEqual({ reserved: 0, spent: 0, state: 'expired' });
  });

  it('mark an offer whose time is over as expired, not as declined', async () => {
    const made = await openOffer();
    const late = new Date(testNow.getTime() + 14 * day);
    expect(await inTransaction((tx) => declineOffer(tx, made.offerId, late))).toBe(false);
    expect(await books(made)).toEqual({ reserved: 0, spent: 0, state: 'expired' });
  });

  it('do not change an accepted offer', async () => {
    const made = await openOffer();
    await inTransaction((tx) => acceptOffer(tx, made.offerId, tomorrow));
    await inTransaction((tx) => releaseOffers(tx, [made.enrolmentId], 'withdrawn', tomorrow));
    expect(await books(made)).toEqual({ reserved: 1_200, spent: 1_200, state: 'accepted' });
  });
});

it('settles once, however many accept, decline and release at the same time', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, openOffer));
  const results = await Promise.all(
    all.flatMap((made) => [
      inTransaction((tx) => acceptOffer(tx, made.offerId, tomorrow)),
      inTransaction((tx) => releaseOffers(tx, [made.enrolmentId], 'expired', tomorrow)),
      inTransaction((tx) => acceptOffer(tx, made.offerId, tomorrow)),
      inTransaction((tx) => declineOffer(tx, made.offerId, tomorrow)),
    ]),
  );
  const accepted = results.filter((result) => result === 'accepted').length;
  for (const made of all) {
    const after = (await books(made)) as { reserved: number; spent: number; state: string };
    expect(after).toEqual(
      after.state === 'accepted'
        ? { reserved: 1_200, spent: 1_200, state: 'accepted' }
        : { reserved: 0, spent: 0, state: expect.stringMatching(/^(expired|declined)$/) as string },
    );
  }
  const rows = await query<{ id: string }>(db.orm.em.fork(), `select id from offer where state = 'accepted' and id = any($1::uuid[])`, [
    all.map((made) => made.offerId),
  ]);
  expect(rows).toHaveLength(accepted);
});
