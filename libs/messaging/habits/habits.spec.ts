import type { EntityManager } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { day, makeCampaign, makeContactPoint, makeCustomer, makeEnrolment, makeMessage, testNow } from '../../../test/harness/factories.js';
import type { Channel } from '../../channels/table.js';
import type { Customer } from '../../customers/customer.entity.js';
import { query } from '../../persistence/sql.js';
import { newId } from '../../platform/ids.js';
import { createRandom } from '../../platform/random.js';
import type { Answer } from '../../journeys/answers/table.js';
import { countAnswerRates, loadHabits, populationOf, preferredHours, rankChannels, type Asked, type Habits } from './habits.js';
import type { Message } from '../ledger/message.entity.js';
import { recordClick } from '../ledger/link-click.js';

const zone = 'America/New_York';
/** Messages on different days, before and after the clock changes, at this local hour. */
const asked = (hour: number, sent: number, answered: number): Asked[] =>
  Array.from({ length: sent }, (_, index) => ({
    at: DateTime.fromISO('2025-10-01', { zone }).plus({ days: index }).set({ hour }).toMillis(),
    answered: index < answered,
  }));
const even = (sent: number, answered: number) => Array.from({ length: 24 }, () => ({ sent, answered }));
/** Everybody answers one e-mail of ten, at any hour, and one text of twenty. */
const population = populationOf(
  new Map<Channel, ReturnType<typeof even>>([
    ['email', even(1_000, 100)],
    ['sms', even(1_000, 50)],
  ]),
);
const habits = (own: Partial<Record<Channel, readonly Asked[]>> = {}, timeZone: string | null = zone): Habits => ({
  timeZone,
  own: new Map(Object.entries(own) as [Channel, readonly Asked[]][]),
  population,
});
const both: readonly Channel[] = ['sms', 'email'];
const tally = fc.tuple(fc.nat(60), fc.nat(60)).map(([a, b]) => [Math.max(a, b), Math.min(a, b)] as const);

describe('the order of the channels', () => {
  it('is the population’s for a customer without a stated preference or answers', () => {
    expect(rankChannels(null, habits(), both)).toEqual([
      { channel: 'email', because: 'channel-usual' },
      { channel: 'sms', because: 'channel-usual' },
    ]);
  });

  it('is the given one without any data', () => {
    const blank: Habits = { timeZone: null, own: new Map(), population: populationOf(new Map()) };
    expect(rankChannels(null, blank, both).map(({ channel }) => channel)).toEqual(both);
    expect(preferredHours(blank, 'email')).toBeNull();
  });

  it('follows the customer’s own answers once there are enough', () => {
    expect(rankChannels(null, habits({ sms: asked(9, 1, 0) }), both)[0]).toEqual({ channel: 'email', because: 'channel-usual' });
    expect(rankChannels(null, habits({ sms: asked(9, 5, 3), email: asked(9, 5, 0) }), both)).toEqual([
      { channel: 'sms', because: 'channel-learnt' },
      { channel: 'email', because: 'channel-learnt' },
    ]);
  });

  it('begins with the stated channel, whatever the customer’s answers', () => {
    fc.assert(
      fc.property(fc.constantFrom(...both), tally, tally, (stated, [emails, answeredEmails], [texts, answeredTexts]) => {
        const own = { email: asked(9, emails, answeredEmails), sms: asked(9, texts, answeredTexts) };
        const ranked = rankChannels(stated, habits(own), both);
        expect(ranked[0]).toEqual({ channel: stated, because: 'channel-stated' });
        expect(ranked.map(({ channel }) => channel).sort()).toEqual(['email', 'sms']);
      }),
    );
  });

  it('skips a stated channel that is not available', () => {
    expect(rankChannels('sms', habits(), ['email'])).toEqual([{ channel: 'email', because: 'channel-usual' }]);
    expect(rankChannels('pigeon', habits(), both)[0]).toEqual({ channel: 'email', because: 'channel-usual' });
  });

  it('never puts a channel further back for one more answer on it', () => {
    const placeOf = (own: Partial<Record<Channel, Asked[]>>) =>
      rankChannels(null, habits(own), both).findIndex(({ channel }) => channel === 'sms');
    fc.assert(
      fc.property(tally, tally, ([emails, answeredEmails], [texts, answeredTexts]) => {
        const email = asked(9, emails, answeredEmails);
        const before = placeOf({ email, sms: asked(9, texts, answeredTexts) });
        expect(placeOf({ email, sms: asked(9, texts + 1, answeredTexts + 1) })).toBeLessThanOrEqual(before);
        expect(placeOf({ email, sms: asked(9, texts + 1, answeredTexts) })).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});

describe('the hours worth waiting for', () => {
  it('are those at which the customer clearly answers more, by their own clock', () => {
    const own = { email: [...asked(19, 40, 24), ...asked(10, 40, 2)] };
    expect(preferredHours(habits(own), 'email')).toEqual({ hours: [18, 19, 20], because: 'hour-learnt' });
    expect(preferredHours(habits(own), 'sms')).toBeNull();
  });

  it.each<[string, readonly Asked[]]>([
    ['nothing was sent', []],
    ['little was sent', [...asked(19, 2, 2), ...asked(10, 2, 0)]],
    ['they answer at any hour', [...asked(19, 40, 20), ...asked(10, 40, 20)]],
    ['no other hour was ever tried', asked(19, 60, 40)],
  ])('do not exist if %s', (_, email) => {
    expect(preferredHours(habits({ email }), 'email')).toBeNull();
  });

  it('do not exist if the zone is not known', () => {
    const own = { email: [...asked(19, 40, 24), ...asked(10, 40, 2)] };
    expect(preferredHours(habits(own, null), 'email')).toBeNull();
    expect(preferredHours(habits(own, 'Mars/Olympus'), 'email')).toBeNull();
  });

  it('are seldom found in random data', () => {
    const random = createRandom('hours by chance');
    let found = 0;
    for (let customer = 0; customer < 400; customer++) {
      const email = Array.from({ length: 24 }, (_, hour) => asked(hour, 1, 0))
        .flat()
        .map(({ at }) => ({ at, answered: random.next() < 0.3 }));
      if (preferredHours(habits({ email }), 'email') !== null) found++;
    }
    expect(found / 400).toBeLessThan(0.1);
  });
});

describe('from the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());
  const em = () => database.orm.em.fork();

  /** A customer who was sent messages on one channel, `ago` days before. */
  async function send(
    customer: Customer,
    channel: Channel,
    messages: readonly (Partial<Message> & { readonly ago: number; readonly said?: Answer | 'click' })[],
  ): Promise<void> {
    const campaign = await makeCampaign(em());
    const point = await makeContactPoint(em(), customer.id, channel);
    const enrolment = await makeEnrolment(em(), campaign, customer.id);
    for (const [occurrence, { ago, said, ...columns }] of messages.entries()) {
      const at = new Date(testNow.getTime() - ago * day);
      const { id } = await makeMessage(em(), enrolment, point, {
        occurrence,
        state: 'accepted',
        plannedAt: at,
        submittedAt: at,
        ...columns,
      });
      const later = new Date(at.getTime() + 3_600_000);
      if (said === 'click') {
        await recordClick(em(), { messageId: id, customerId: customer.id, name: 'terms', target: 'https://example.com' }, later);
      } else if (said !== undefined) {
        await query(
          em(),
          `insert into response (id, source, source_id, channel, customer_id, enrolment_id, message_id, answer, because, received_at)
           values (uuidv7(), 'link', $7, $2, $3, $4, $1, $5, 'a test', $6)`,
          [id, channel, customer.id, enrolment.id, said, later, newId()],
        );
      }
    }
  }
  const ratesOf = (): Promise<object[]> => query(em(), 'select channel, hour, sent, answered from answer_rate order by channel, hour');

  it('a person’s answers count, once each; nothing else does', async () => {
    const customer = await makeCustomer(em());
    await send(customer, 'email', [
      { ago: 10, said: 'accepted' },
      { ago: 11, said: 'question' },
      { ago: 12, said: 'click' },
      { ago: 13, said: 'opt-out' },
      { ago: 14, said: 'auto-reply' },
      { ago: 15, state: 'delivered' },
      { ago: 16, state: 'bounced' },
      { ago: 17, state: 'planned', submittedAt: null },
      { ago: 18, purpose: 'service' },
      { ago: 1 },
      { ago: 1, said: 'declined' },
      { ago: 400, said: 'accepted' },
    ]);
    // A customer who first asks and then accepts has answered one message.
    await query(
      em(),
      `insert into response (id, source, source_id, channel, customer_id, enrolment_id, message_id, answer, because, received_at)
       select uuidv7(), source, source_id || ' again', channel, customer_id, enrolment_id, message_id, 'question', because, received_at
       from response where customer_id = $1 and answer = 'accepted'`,
      [customer.id],
    );
    const stranger = newId();
    const both = [
      { customerId: customer.id, timeZone: 'Europe/Berlin' },
      { customerId: stranger, timeZone: null },
    ];
    const loaded = await loadHabits(em(), both, testNow);
    const own = loaded.get(customer.id)?.own.get('email') ?? [];
    expect([own.length, own.filter(({ answered }) => answered).length]).toEqual([7, 3]);
    expect(loaded.get(stranger)).toMatchObject({ timeZone: null, own: new Map() });

    await countAnswerRates(em(), testNow);
    expect(await ratesOf()).toEqual([{ channel: 'email', hour: 13, sent: 7, answered: 3 }]);
    const after = await loadHabits(em(), both, testNow);
    expect(after.get(stranger)?.population.rates.get('email')).toBeGreaterThan(0.05);
  });

  it('a link scanner, which follows the links of every mail, has no effect', async () => {
    await query(em(), 'truncate customer cascade');
    const customer = await makeCustomer(em());
    await send(
      customer,
      'email',
      Array.from({ length: 20 }, (_, index) => ({ ago: 10 + index, said: 'click' as const })),
    );
    await send(customer, 'sms', [{ ago: 10, said: 'accepted' }, { ago: 11 }]);
    await countAnswerRates(em(), testNow);
    const habits = (await loadHabits(em(), [{ customerId: customer.id, timeZone: 'Europe/Berlin' }], testNow)).get(customer.id);
    if (habits === undefined) throw new Error('There are no habits');
    expect(rankChannels(null, habits, both).map(({ channel }) => channel)).toEqual(['sms', 'email']);
    expect(preferredHours(habits, 'email')).toBeNull();
    expect(await ratesOf()).toMatchObject([
      { channel: 'email', sent: 20, answered: 0 },
      { channel: 'sms', sent: 2, answered: 1 },
    ]);
  });

  it('counting again drops old messages, and leaves out customers whose hour is not known', async () => {
    await query(em(), 'truncate customer cascade');
    const inTokyo = await makeCustomer(em(), { timeZone: 'Asia/Tokyo' });
    await send(inTokyo, 'sms', [{ ago: 5, said: 'accepted' }, { ago: 6 }]);
    await send(await makeCustomer(em(), { timeZone: null }), 'sms', [{ ago: 5, said: 'accepted' }]);
    await send(await makeCustomer(em(), { timeZone: 'Mars/Olympus' }), 'sms', [{ ago: 5, said: 'accepted' }]);
    await countAnswerRates(em(), testNow);
    expect(await ratesOf()).toEqual([{ channel: 'sms', hour: 21, sent: 2, answered: 1 }]);
    await countAnswerRates(em(), new Date(testNow.getTime() + 365 * day));
    expect(await ratesOf()).toEqual([]);
  });

  it('reads only indexes, for a thousand of many customers', async () => {
    // Statistics like those of a million customers, without a million customers.
    const campaign = await makeCampaign(em());
    await query(
      em(),
      `insert into customer (id, external_id, locale, time_zone, status, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
       select uuidv7(), 'many-' || n, 'en', 'Europe/Berlin', 'active', 1, 'EUR', 1, '{}', '{}', $1, $1 from generate_series(1, 8000) as n`,
      [testNow],
    );
    await query(
      em(),
      `insert into contact_point (id, customer_id, channel, address, address_hash, created_at)
       select uuidv7(), id, 'email', external_id, external_id, $1 from customer where external_id like 'many-%'`,
      [testNow],
    );
    await query(
      em(),
      `insert into enrolment (id, campaign_id, version_id, customer_id, arm, state, created_at, measure_at)
       select uuidv7(), $1, $2, id, 'treated', 'entered', $3, $3 from customer where external_id like 'many-%'`,
      [campaign.id, campaign.versionId, testNow],
    );
    await query(
      em(),
      `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, step, occurrence, channel, purpose, template, state, not_before,
                            send_before, planned_at, submitted_at)
       select uuidv7(), e.id, e.campaign_id, e.customer_id, p.id, 'offer', n, 'email', 'marketing', 't', 'accepted', $1, $1, $1, $1
       from enrolment e join contact_point p on p.customer_id = e.customer_id cross join generate_series(1, 3) as n
       where p.address like 'many-%'`,
      [new Date(testNow.getTime() - 5 * day)],
    );
    await query(
      em(),
      `insert into response (id, source, source_id, channel, customer_id, enrolment_id, message_id, answer, because, received_at)
       select uuidv7(), 'link', id::text, channel, customer_id, enrolment_id, id, 'accepted', 'a test', $1 from message where occurrence = 1`,
      [testNow],
    );
    await query(em(), 'analyze');
    const some = await query<{ customerId: string; timeZone: string }>(
      em(),
      `select id as "customerId", time_zone as "timeZone" from customer where external_id like 'many-%' order by id limit 1000`,
    );
    const scans = (tx: EntityManager): Promise<{ seq: number; byIndex: number }[]> =>
      query(
        tx,
        `select seq_scan as seq, idx_scan as "byIndex" from pg_stat_xact_user_tables
         where relname in ('message', 'response') order by relname`,
      );
    const [before, loaded, after] = await em().transactional(async (tx) => [
      await scans(tx),
      await loadHabits(tx, some, testNow),
      await scans(tx),
    ]);
    for (const [table, { seq, byIndex }] of after.entries()) {
      expect(seq).toBe(before[table]?.seq);
      expect(byIndex).toBeGreaterThanOrEqual((before[table]?.byIndex ?? 0) + 1_000);
    }
    expect(loaded.size).toBe(1_000);
    for (const { own } of loaded.values()) expect(own.get('email')?.filter(({ answered }) => answered)).toHaveLength(1);
  });
});
