import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import {
  day,
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeOffer,
  testNow,
  type MadeCampaign,
} from '../../../test/harness/factories.js';
import { Enrolment } from '../../campaigns/enrolment.entity.js';
import type { Channel } from '../../channels/table.js';
import type { Customer } from '../../customers/customer.entity.js';
import type { ChannelWish } from '../../journeys/effects.js';
import { query } from '../../persistence/sql.js';
import { newId } from '../../platform/ids.js';
import { channelOrder, planMessage, type StepRequest, type PlanResult } from './plan-message.js';
import { readPolicyTables, type PolicyTables } from '../contact-policy/policy-tables.js';
import { populationOf, type Habits } from '../habits/habits.js';

const tables = readPolicyTables(['email', 'sms']);
const capped = (messages: number): PolicyTables => ({
  ...tables,
  limits: { ...tables.limits, marketing: { caps: [{ messages, windowMs: 7 * day }], gapMs: 0 } },
});

describe('planMessage', () => {
  let database: TestDatabase;
  let em: EntityManager;
  let campaign: MadeCampaign;
  beforeAll(async () => {
    database = await createTestDatabase();
    campaign = await makeCampaign(database.orm.em.fork());
  });
  afterAll(() => database.close());
  beforeEach(() => (em = database.orm.em.fork()));

  async function enrol(
    overrides: Partial<Customer> = {},
    reach: readonly Channel[] = ['email', 'sms'],
  ): Promise<StepRequest & { customerId: string }> {
    const customer = await makeCustomer(em, overrides);
    for (const channel of reach) await makeContactPoint(em, customer.id, channel);
    const enrolment = await makeEnrolment(em, campaign, customer.id);
    return {
      customerId: customer.id,
      enrolmentId: enrolment.id,
      step: 'offer',
      occurrence: 1,
      template: 'save-offer',
      channel: 'preferred',
      except: [],
      last: null,
      now: testNow,
    };
  }
  const plan = (request: StepRequest, policy = tables): Promise<PlanResult> =>
    database.orm.em.fork().transactional((tx) => planMessage(tx, request, policy));
  const suppress = (customerId: string, reason: string): Promise<unknown> =>
    query(em, 'insert into suppression select $2, channel, address_hash, $3, now() from contact_point where customer_id = $1', [
      customerId,
      newId(),
      reason,
    ]);
  const messages = (enrolmentId: string): Promise<Record<string, unknown>[]> =>
    query(em, 'select channel, state, not_before, send_before, contact_point_id from message where enrolment_id = $1', [enrolmentId]);
  const decisions = (enrolmentId: string): Promise<Record<string, unknown>[]> =>
    query(em, 'select kind, subject, reasons, ordinal, until from decision where enrolment_id = $1 order by occurrence, ordinal', [
      enrolmentId,
    ]);

  it('stores the message and the decision, and returns the same answer when it is called again', async () => {
    const request = await enrol();
    const first = await plan(request);
    expect(first).toMatchObject({ kind: 'planned', channel: 'email' });
    expect(await plan({ ...request, now: new Date(testNow.getTime() + day) })).toEqual(first);
    expect(await messages(request.enrolmentId)).toMatchObject([
      { channel: 'email', state: 'planned', not_before: testNow, send_before: new Date('2026-03-02T19:00:00Z') },
    ]);
    expect(await decisions(request.enrolmentId)).toMatchObject([{ kind: 'send', subject: 'email', ordinal: 0 }]);
  });

  it('tries the customer’s preferred channel first, and the next one if it is blocked', async () => {
    const request = await enrol({ preferredChannel: 'sms' });
    await query(em, `update contact_point set dead_at = now() where customer_id = $1 and channel = 'sms'`, [request.customerId]);
    expect(await plan(request)).toMatchObject({ kind: 'planned', channel: 'email' });
    expect(await decisions(request.enrolmentId)).toMatchObject([
      { kind: 'block', subject: 'sms', reasons: ['dead-address'], ordinal: 0 },
      { kind: 'send', subject: 'email', ordinal: 1 },
    ]);
  });

  it('skips a channel for which the template has no text, in the same decision', async () => {
    const on = ['email', 'sms', 'whatsapp'] as const;
    const texts = readPolicyTables(on, (template, locale) => (template === 'save-offer' && locale === 'en' ? ['email', 'sms'] : on));
    const request = await enrol({ preferredChannel: 'whatsapp' }, on);
    expect(await plan(request, texts)).toMatchObject({ kind: 'planned', channel: 'email' });
    expect(await decisions(request.enrolmentId)).toMatchObject([
      { kind: 'block', subject: 'whatsapp', reasons: ['no-text'], ordinal: 0 },
      { kind: 'send', subject: 'email', ordinal: 1 },
    ]);
    const german = await enrol({ preferredChannel: 'whatsapp', locale: 'de' }, on);
    expect(await plan(german, texts)).toMatchObject({ kind: 'planned', channel: 'whatsapp' });

    const named = { ...(await enrol({}, on)), channel: 'whatsapp' } as const;
    expect(await plan(named, texts)).toEqual({ kind: 'blocked', reason: 'no-text' });
    expect(await plan(named, texts)).toEqual({ kind: 'blocked', reason: 'no-text' });
    expect(await messages(named.enrolmentId)).toEqual([]);
    const objected = await enrol({ preferredChannel: 'whatsapp', objectedAt: testNow }, on);
    expect(await plan(objected, texts)).toEqual({ kind: 'blocked', reason: 'objected' });
  });

  it('plans no message that would show a missing value, with that reason', async () => {
    const needing = readPolicyTables(['email', 'sms'], (_template, _locale, has) =>
      has === undefined || has.offer ? ['email', 'sms'] : has['customer.name'] ? ['sms'] : [],
    );
    const nameless = await enrol({ name: null });
    expect(await plan(nameless, needing)).toEqual({ kind: 'blocked', reason: 'missing-value' });
    expect(await messages(nameless.enrolmentId)).toEqual([]);
    expect((await decisions(nameless.enrolmentId)).map(({ reasons }) => reasons)).toEqual([['missing-value'], ['missing-value']]);
    expect(await plan(await enrol(), needing)).toMatchObject({ kind: 'planned', channel: 'sms' });
    const offered = await enrol({ name: null });
    await makeOffer(em, await em.findOneOrFail(Enrolment, { id: offered.enrolmentId }));
    expect(await plan(offered, needing)).toMatchObject({ kind: 'planned', channel: 'email' });
  });

  it('continues with the next channel within the same attempt after one has failed', async () => {
    const request = await enrol();
    await plan(request);
    const second = await plan({ ...request, except: ['email'] });
    expect(second).toMatchObject({ kind: 'planned', channel: 'sms' });
    expect(await plan({ ...request, except: ['email'] })).toEqual(second);
    expect(await plan({ ...request, except: ['email', 'sms'] })).toEqual({ kind: 'blocked', reason: 'no-channel' });
    expect(await messages(request.enrolmentId)).toHaveLength(2);
  });

  it.each(['BST', 'Etc/GMT-6', 'UTC'])('keeps the hours of the phone number’s country if the zone is %s', async (timeZone) => {
    const request = await enrol({ timeZone }, []);
    await makeContactPoint(em, request.customerId, 'sms', { address: `+33612345${String(100 + timeZone.length)}` });
    // Nine o'clock in Dhaka, four in Paris.
    expect(await plan({ ...request, now: new Date('2026-03-03T03:00:00Z') })).toMatchObject({ kind: 'deferred', reason: 'quiet-hours' });
    const nowhere = await enrol({ timeZone }, ['email']);
    expect(await plan({ ...nowhere, now: new Date('2026-03-03T12:00:00Z') })).toMatchObject({ kind: 'blocked' });
  });

  it('defers at night, stores that, and plans at the next attempt', async () => {
    const request = { ...(await enrol()), now: new Date('2026-03-02T23:00:00Z') };
    const until = Date.parse('2026-03-03T08:00:00Z');
    expect(await plan(request)).toEqual({ kind: 'deferred', until, reason: 'quiet-hours' });
    expect(await plan(request)).toEqual({ kind: 'deferred', until, reason: 'quiet-hours' });
    expect(await plan({ ...request, occurrence: 2, now: new Date(until) })).toMatchObject({ kind: 'planned', channel: 'email' });
    expect((await decisions(request.enrolmentId)).map(({ kind }) => kind)).toEqual(['defer', 'defer', 'send']);
  });

  it('a customer who changes zones during a wait: the present zone decides at its end', async () => {
    const request = { ...(await enrol()), now: new Date('2026-03-02T23:00:00Z') };
    expect(await plan(request)).toMatchObject({ kind: 'deferred', until: Date.parse('2026-03-03T08:00:00Z') });
    await query(em, `update customer set time_zone = 'America/Los_Angeles' where id = $1`, [request.customerId]);
    const second = { ...request, occurrence: 2, now: new Date('2026-03-03T08:00:00Z') };
    expect(await plan(second)).toEqual({ kind: 'deferred', until: Date.parse('2026-03-03T17:00:00Z'), reason: 'quiet-hours' });
    await query(em, `update customer set time_zone = 'Asia/Tokyo' where id = $1`, [request.customerId]);
    const third = { ...request, occurrence: 3, now: new Date('2026-03-03T17:00:00Z') };
    expect(await plan(third)).toMatchObject({ kind: 'deferred', until: Date.parse('2026-03-04T00:00:00Z') });
    expect(await plan({ ...request, occurrence: 4, now: new Date('2026-03-04T00:00:00Z') })).toMatchObject({ kind: 'planned' });
    const [planned] = await messages(request.enrolmentId);
    expect(planned).toMatchObject({ send_before: new Date('2026-03-04T11:00:00Z') });
  });

  it('keeps to the hours that the customer requested', async () => {
    const evenings = [{ days: [1, 2, 3, 4, 5, 6, 7], from: 18 * 60, to: 22 * 60 }];
    const request = await enrol({ preferredHours: evenings });
    expect(await plan(request)).toEqual({ kind: 'deferred', until: Date.parse('2026-03-02T17:00:00Z'), reason: 'quiet-hours' });
  });

  it('blocks with a reason without consent, after an objection, and without an address', async () => {
    const withdrawn = await enrol({}, ['email']);
    await query(
      em,
      `insert into consent_event select $2, customer_id, channel, purpose, address_hash, false, 'api', '1', at + interval '1 second', 'customer'
       from consent_event where customer_id = $1`,
      [withdrawn.customerId, newId()],
    );
    expect(await plan(withdrawn)).toEqual({ kind: 'blocked', reason: 'no-consent' });
    expect(await plan(withdrawn)).toEqual({ kind: 'blocked', reason: 'no-consent' });
    expect(await plan(await enrol({ objectedAt: testNow }))).toEqual({ kind: 'blocked', reason: 'objected' });
    expect(await plan(await enrol({}, []))).toEqual({ kind: 'blocked', reason: 'no-address' });
    expect(await plan(await enrol({ timeZone: null, locale: 'en' }, ['email']))).toEqual({ kind: 'blocked', reason: 'unknown-zone' });
    expect(await messages(withdrawn.enrolmentId)).toEqual([]);
  });

  it('does not use consent for another address', async () => {
    const request = await enrol({}, ['email']);
    await query(em, `update contact_point set address_hash = 'another' where customer_id = $1`, [request.customerId]);
    expect(await plan(request)).toEqual({ kind: 'blocked', reason: 'no-consent' });
  });

  it.each([
    ['email', 'opt-out', { kind: 'planned', channel: 'email' }],
    ['email', 'complaint', { kind: 'blocked', reason: 'suppressed' }],
    ['email', 'dead-address', { kind: 'blocked', reason: 'suppressed' }],
    ['sms', 'opt-out', { kind: 'blocked', reason: 'suppressed' }],
  ] as const)('a service message by %s after the suppression %s', async (channel, reason, answer) => {
    const request = await enrol({}, [channel]);
    await suppress(request.customerId, reason);
    expect(await plan(request)).toEqual({ kind: 'blocked', reason: 'suppressed' });
    expect(await plan({ ...request, purpose: 'service', step: 'bill' })).toMatchObject(answer);
  });

  it('a service message needs no consent and ignores objection and caps, with that reason; a withdrawal ends it', async () => {
    const request = { ...(await enrol({ objectedAt: testNow }, ['email'])), purpose: 'service' as const };
    await query(em, 'delete from consent_event where customer_id = $1', [request.customerId]);
    expect(await plan(request, capped(0))).toMatchObject({ kind: 'planned', channel: 'email' });
    expect(await query(em, 'select purpose from message where enrolment_id = $1', [request.enrolmentId])).toEqual([{ purpose: 'service' }]);
    await query(
      em,
      `insert into consent_event (id, customer_id, channel, purpose, address_hash, granted, source, wording_version, at, actor)
       select uuidv7(), customer_id, channel, 'service', address_hash, false, 'preferences', '1', $2, 'customer'
       from contact_point where customer_id = $1`,
      [request.customerId, testNow],
    );
    expect(await plan({ ...request, step: 'second', occurrence: 2 })).toEqual({ kind: 'blocked', reason: 'withdrawn' });
    expect((await decisions(request.enrolmentId)).map(({ kind, reasons }) => [kind, reasons])).toEqual([
      ['send', ['allowed', 'channel-usual', 'service']],
      ['block', ['withdrawn', 'service']],
    ]);
  });

  it('a service message does not count for the cap of offers', async () => {
    const request = await enrol();
    expect(await plan({ ...request, purpose: 'service', step: 'bill' }, capped(1))).toMatchObject({ kind: 'planned' });
    expect(await plan(request, capped(1))).toMatchObject({ kind: 'planned' });
    expect(await plan({ ...request, step: 'second', occurrence: 2 }, capped(1))).toMatchObject({ kind: 'deferred', reason: 'cap' });
  });

  it('blocks a suppressed address', async () => {
    const request = await enrol({}, ['email']);
    await suppress(request.customerId, 'opt-out');
    expect(await plan(request)).toEqual({ kind: 'blocked', reason: 'suppressed' });
  });

  it('two journeys at once under a cap of one: exactly one message is planned, the other deferred', async () => {
    const competing = await makeCampaign(em);
    const one = capped(1);
    for (let round = 0; round < 25; round++) {
      const request = await enrol();
      const other = await makeEnrolment(em, competing, request.customerId);
      const results = await Promise.all([plan(request, one), plan({ ...request, enrolmentId: other.id }, one)]);
      expect(results.map(({ kind }) => kind).sort()).toEqual(['deferred', 'planned']);
    }
  });

  it('counts messages of all campaigns, but none that was never sent', async () => {
    const request = await enrol();
    const two = capped(2);
    const other = await makeEnrolment(em, await makeCampaign(em), request.customerId);
    await plan({ ...request, enrolmentId: other.id }, two);
    await plan({ ...request, enrolmentId: other.id, step: 'again' }, two);
    expect(await plan(request, two)).toMatchObject({ kind: 'deferred', reason: 'cap' });
    await query(em, `update message set state = 'withdrawn' where enrolment_id = $1 and step = 'again'`, [other.id]);
    expect(await plan({ ...request, occurrence: 2 }, two)).toMatchObject({ kind: 'planned' });
  });

  it.each(['submitting', 'unknown', 'accepted', 'delivered'])('counts one that is %s for the whole window', async (state) => {
    const request = await enrol();
    const other = await makeEnrolment(em, await makeCampaign(em), request.customerId);
    await plan({ ...request, enrolmentId: other.id });
    const sixDaysAgo = new Date(testNow.getTime() - 6 * day);
    await query(em, 'update message set state = $2, submitted_at = $3 where enrolment_id = $1', [other.id, state, sixDaysAgo]);
    expect(await plan(request, capped(1))).toMatchObject({ kind: 'deferred', reason: 'cap' });
    const free = new Date(testNow.getTime() + day + 1);
    expect(await plan({ ...request, occurrence: 2, now: free }, capped(1))).toMatchObject({ kind: 'planned' });
  });
});

describe('channelOrder', () => {
  const unknown: Habits = { timeZone: null, own: new Map(), population: populationOf(new Map()) };
  const order = (...[wish, stated, except, last]: [ChannelWish, string | null, string[], string | null]): string[] =>
    channelOrder(wish, stated, unknown, { except, last }, ['email', 'sms']).map(({ channel }) => channel);

  it('follows the requested channel', () => {
    expect(order('preferred', null, [], null)).toEqual(['email', 'sms']);
    expect(order('preferred', 'sms', [], null)).toEqual(['sms', 'email']);
    expect(order('other', null, [], 'email')).toEqual(['sms']);
    expect(order('other', 'sms', [], null)).toEqual(['sms', 'email']);
    expect(order('sms', 'email', [], null)).toEqual(['sms']);
    expect(order('preferred', null, ['email'], null)).toEqual(['sms']);
  });

  it('says why', () => {
    expect(channelOrder('preferred', 'sms', unknown, { except: [], last: null }, tables.channels)[0]).toEqual({
      channel: 'sms',
      because: 'channel-stated',
    });
    expect(channelOrder('email', 'sms', unknown, { except: [], last: null }, tables.channels)).toEqual([
      { channel: 'email', because: null },
    ]);
  });
});
