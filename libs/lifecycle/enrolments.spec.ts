import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import {
  day,
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  makeOffer,
  testNow,
} from '../../test/harness/factories.js';
import type { Visit } from '../journeys/effects.js';
import { query, queryOne } from '../persistence/sql.js';
import type { CampaignState } from '../campaigns/campaign.entity.js';
import { changeState } from './change-state.js';
import type { Enrolment, EnrolmentState } from '../campaigns/enrolment.entity.js';
import type { Outcome } from '../journeys/outcome.js';
import { closeEnrolment } from './enrolments.js';
import { isPaused, recordProgress } from '../campaigns/enrolment-progress.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const em = () => db.orm.em.fork();
const inTransaction = <T>(work: (tx: EntityManager) => Promise<T>): Promise<T> => db.orm.em.fork().transactional(work);
const later = new Date(testNow.getTime() + day);

async function enrol(state: CampaignState = 'live', parts: Partial<Enrolment> = {}): Promise<Enrolment> {
  return makeEnrolment(em(), await makeCampaign(em(), { state }), (await makeCustomer(em())).id, parts);
}

describe('recordProgress', () => {
  const at = testNow.getTime();
  const chosen: Visit[] = [
    { ordinal: 1, step: 'choose', at, label: 'next' },
    { ordinal: 2, step: 'offer', at: at + 5, label: null },
  ];
  const where = (enrolment: Enrolment): Promise<object | undefined> =>
    queryOne(em(), `select step, waiting_until as until from enrolment where id = $1`, [enrolment.id]);
  const record = (enrolment: Enrolment, visits: readonly Visit[], until: number | null): Promise<void> =>
    inTransaction((tx) => recordProgress(tx, enrolment.id, enrolment.campaign, visits, until));

  it('stores the steps, the ways between them, and the current step', async () => {
    const enrolment = await enrol();
    await record(enrolment, chosen, null);
    expect(await where(enrolment)).toEqual({ step: 'offer', until: null });
    await record(
      enrolment,
      [
        { ordinal: 2, step: 'offer', at: at + 5, label: 'next' },
        { ordinal: 3, step: 'await', at: at + 9, label: null },
      ],
      later.getTime(),
    );
    expect(await where(enrolment)).toEqual({ step: 'await', until: later });
    const visits = await query(em(), 'select ordinal, step, label, entered_at as at from step_visit where enrolment_id = $1 order by 1', [
      enrolment.id,
    ]);
    expect(visits).toEqual([
      { ordinal: 1, step: 'choose', label: 'next', at: testNow },
      { ordinal: 2, step: 'offer', label: 'next', at: new Date(at + 5) },
      { ordinal: 3, step: 'await', label: null, at: new Date(at + 9) },
    ]);
  });

  it('is not moved back by repeated visits', async () => {
    const enrolment = await enrol();
    await record(enrolment, [...chosen, { ordinal: 3, step: 'await', at, label: null }], null);
    await record(enrolment, [{ ordinal: 1, step: 'choose', at, label: null }], null);
    expect(await where(enrolment)).toMatchObject({ step: 'await' });
    const first = await queryOne(em(), 'select label from step_visit where enrolment_id = $1 and ordinal = 1', [enrolment.id]);
    expect(first).toEqual({ label: 'next' });
  });

  it('without visits only stores until when it waits', async () => {
    const enrolment = await enrol('live', { step: null });
    await record(enrolment, [], later.getTime());
    expect(await where(enrolment)).toEqual({ step: null, until: later });
  });
});

describe('closeEnrolment', () => {
  it.each<[Outcome, string]>([
    ['lapsed', 'expired'],
    ['declined', 'declined'],
    ['opted-out', 'withdrawn'],
  ])('%s: an open offer becomes %s and releases its cost; planned messages are withdrawn', async (outcome, offerState) => {
    const enrolment = await enrol();
    const offer = await makeOffer(em(), enrolment);
    const point = await makeContactPoint(em(), enrolment.customer, 'email');
    const planned = await makeMessage(em(), enrolment, point);
    const sent = await makeMessage(em(), enrolment, point, { occurrence: 2, state: 'accepted' });
    await inTransaction((tx) => closeEnrolment(tx, enrolment.id, outcome, later));
    await inTransaction((tx) => closeEnrolment(tx, enrolment.id, 'cancelled', new Date(later.getTime() + day)));
    const row = await queryOne(
      em(),
      `select e.state, e.outcome, e.closed_at as "closedAt", o.state as offer, k.budget_reserved as reserved,
              (select state from message where id = $3) as planned, (select state from message where id = $4) as sent
       from enrolment e, offer o, campaign k where e.id = $1 and o.id = $2 and k.id = e.campaign_id`,
      [enrolment.id, offer.id, planned.id, sent.id],
    );
    expect(row).toEqual({
      state: 'closed',
      outcome,
      closedAt: later,
      offer: offerState,
      reserved: 0,
      planned: 'withdrawn',
      sent: 'accepted',
    });
  });
});

describe('an open offer at the end of its journey', () => {
  const made = async (): Promise<{ enrolment: Enrolment; offerId: string }> => {
    const enrolment = await enrol();
    return { enrolment, offerId: (await makeOffer(em(), enrolment)).id };
  };
  const close = (enrolment: Enrolment, outcome: Outcome): Promise<void> =>
    inTransaction((tx) => closeEnrolment(tx, enrolment.id, outcome, later));
  const books = ({ enrolment, offerId }: { enrolment: Enrolment; offerId: string }): Promise<object | undefined> =>
    queryOne(em(), `select o.state, k.budget_reserved as reserved from offer o, campaign k where o.id = $1 and k.id = $2`, [
      offerId,
      enrolment.campaign,
    ]);
  const openTask = (enrolment: Enrolment): Promise<unknown> =>
    query(
      em(),
      `with answered as (
         insert into response (id, source, source_id, channel, customer_id, enrolment_id, answer, because, received_at)
         values (uuidv7(), 'smtp', gen_random_uuid()::text, 'email', $1, $2, 'unclear', 'a test', $3) returning id)
       insert into task (id, kind, response_id, customer_id, enrolment_id, created_at, due_at)
       select uuidv7(), 'unclear', id, $1, $2, $3, $3 from answered`,
      [enrolment.customer, enrolment.id, testNow],
    );

  it('stays after a hand-over to a person, with its cost reserved', async () => {
    const it = await made();
    await close(it.enrolment, 'handed-over');
    expect(await books(it)).toEqual({ state: 'open', reserved: 1_200 });
  });

  it.each([
    ['lapsed', 'open'],
    ['expired', 'open'],
    ['declined', 'declined'],
    ['opted-out', 'withdrawn'],
    ['cancelled', 'withdrawn'],
  ] as const)('while an answer waits for a person: after %s it is %s', async (outcome, state) => {
    const it = await made();
    await openTask(it.enrolment);
    await close(it.enrolment, outcome);
    expect(await books(it)).toEqual({ state, reserved: state === 'open' ? 1_200 : 0 });
  });

  it('is withdrawn if its campaign was cancelled, before or after', async () => {
    const [before, after] = [await made(), await made()];
    const cancel = ({ enrolment }: { enrolment: Enrolment }): Promise<unknown> =>
      inTransaction((tx) => changeState(tx, enrolment.campaign, 'cancel', later));
    await cancel(before);
    await close(before.enrolment, 'handed-over');
    await close(after.enrolment, 'handed-over');
    await cancel(after);
    for (const each of [before, after]) expect(await books(each)).toEqual({ state: 'withdrawn', reserved: 0 });
  });

  it('is withdrawn if its campaign is cancelled at the same moment', async () => {
    for (let round = 0; round < 10; round++) {
      const it = await made();
      await Promise.all([
        close(it.enrolment, 'handed-over'),
        inTransaction((tx) => changeState(tx, it.enrolment.campaign, 'cancel', later)),
      ]);
      expect(await books(it)).toEqual({ state: 'withdrawn', reserved: 0 });
    }
  });
});

describe('holding', () => {
  const stateOf = (enrolment: Enrolment): Promise<{ state: EnrolmentState } | undefined> =>
    queryOne(em(), 'select state from enrolment where id = $1', [enrolment.id]);

  it.each(['paused', 'cancelled'] as const)('pauses while the campaign is %s', async (state) => {
    const enrolment = await enrol(state);
    expect(await inTransaction((tx) => isPaused(tx, enrolment.id))).toBe(true);
    expect(await inTransaction((tx) => isPaused(tx, enrolment.id))).toBe(true);
    expect(await stateOf(enrolment)).toEqual({ state: 'paused' });
  });

  it('pauses nobody in a live campaign', async () => {
    const enrolment = await enrol('live');
    expect(await inTransaction((tx) => isPaused(tx, enrolment.id))).toBe(false);
    expect(await stateOf(enrolment)).toEqual({ state: 'entered' });
  });

  it.each(['live', 'paused'] as const)(
    'treats a closed enrolment as paused for ever, in a %s campaign too, and does not open it',
    async (state) => {
      const enrolment = await enrol(state, { state: 'closed', outcome: 'saved', closedAt: later });
      expect(await inTransaction((tx) => isPaused(tx, enrolment.id))).toBe(true);
      expect(await stateOf(enrolment)).toEqual({ state: 'closed' });
    },
  );
});
