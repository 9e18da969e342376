import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import {
  day,
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  testNow,
  type MadeCampaign,
} from '../../test/harness/factories.js';
import type { Customer } from '../customers/customer.entity.js';
import { query } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { channelOrder, planMessage, type PlanRequest, type PlanResult } from './plan-message.js';
import { readPolicyTables } from './policy-tables.js';

const tables = readPolicyTables();

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
    reach: readonly ('email' | 'sms')[] = ['email', 'sms'],
  ): Promise<PlanRequest & { customerId: string }> {
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
  const plan = (request: PlanRequest, policy = tables): Promise<PlanResult> =>
    database.orm.em.fork().transactional((tx) => planMessage(tx, request, policy));
  const messages = (enrolmentId: string): Promise<Record<string, unknown>[]> =>
    query(em, 'select channel, state, not_before, send_before, contact_point_id from message where enrolment_id = $1', [enrolmentId]);
  const decisions = (enrolmentId: string): Promise<Record<string, unknown>[]> =>
    query(em, 'select kind, subject, reasons, ordinal, until from decision where enrolment_id = $1 order by occurrence, ordinal', [
      enrolmentId,
    ]);

  it('writes the message and the decision, and gives the same answer when asked again', async () => {
    const request = await enrol();
    const first = await plan(request);
    expect(first).toMatchObject({ kind: 'planned', channel: 'email' });
    expect(await plan({ ...request, now: new Date(testNow.getTime() + day) })).toEqual(first);
    expect(await messages(request.enrolmentId)).toMatchObject([
      { channel: 'email', state: 'planned', not_before: testNow, send_before: new Date('2026-03-02T19:00:00Z') },
    ]);
    expect(await decisions(request.enrolmentId)).toMatchObject([{ kind: 'send', subject: 'email', ordinal: 0 }]);
  });

  it('asks the channel that the customer prefers first, and the next one where that is barred', async () => {
    const request = await enrol({ preferredChannel: 'sms' });
    await query(em, `update contact_point set dead_at = now() where customer_id = $1 and channel = 'sms'`, [request.customerId]);
    expect(await plan(request)).toMatchObject({ kind: 'planned', channel: 'email' });
    expect(await decisions(request.enrolmentId)).toMatchObject([
      { kind: 'block', subject: 'sms', reasons: ['dead-address'], ordinal: 0 },
      { kind: 'send', subject: 'email', ordinal: 1 },
    ]);
  });

  it('goes on to the next channel within the same try once one has failed', async () => {
    const request = await enrol();
    await plan(request);
    const second = await plan({ ...request, except: ['email'] });
    expect(second).toMatchObject({ kind: 'planned', channel: 'sms' });
    expect(await plan({ ...request, except: ['email'] })).toEqual(second);
    expect(await plan({ ...request, except: ['email', 'sms'] })).toEqual({ kind: 'blocked', reason: 'no-channel' });
    expect(await messages(request.enrolmentId)).toHaveLength(2);
  });

  it('defers at night, remembers it, and plans at the next try', async () => {
    const request = { ...(await enrol()), now: new Date('2026-03-02T23:00:00Z') };
    const until = Date.parse('2026-03-03T08:00:00Z');
    expect(await plan(request)).toEqual({ kind: 'deferred', until, reason: 'quiet-hours' });
    expect(await plan(request)).toEqual({ kind: 'deferred', until, reason: 'quiet-hours' });
    expect(await plan({ ...request, occurrence: 2, now: new Date(until) })).toMatchObject({ kind: 'planned', channel: 'email' });
    expect((await decisions(request.enrolmentId)).map(({ kind }) => kind)).toEqual(['defer', 'defer', 'send']);
  });

  it('blocks with a reason where nobody consented, objected, or has no address', async () => {
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

  it('does not take consent for another address', async () => {
    const request = await enrol({}, ['email']);
    await query(em, `update contact_point set address_hash = 'another' where customer_id = $1`, [request.customerId]);
    expect(await plan(request)).toEqual({ kind: 'blocked', reason: 'no-consent' });
  });

  it('blocks a suppressed address', async () => {
    const request = await enrol({}, ['email']);
    await query(
      em,
      `insert into suppression select $2, channel, address_hash, 'opt-out', now() from contact_point where customer_id = $1`,
      [request.customerId, newId()],
    );
    expect(await plan(request)).toEqual({ kind: 'blocked', reason: 'suppressed' });
  });

  it('plans exactly one of two messages that race for the last place under the cap', async () => {
    const rivals = await makeCampaign(em);
    const one = { ...tables, cap: { messages: 1, windowMs: 7 * day } };
    for (let round = 0; round < 10; round++) {
      const request = await enrol();
      const rival = await makeEnrolment(em, rivals, request.customerId);
      const results = await Promise.all([plan(request, one), plan({ ...request, enrolmentId: rival.id }, one)]);
      expect(results.map(({ kind }) => kind).sort()).toEqual(['deferred', 'planned']);
    }
  });

  it('counts messages of all campaigns, but none that was never sent', async () => {
    const request = await enrol();
    const two = { ...tables, cap: { messages: 2, windowMs: 7 * day } };
    const other = await makeEnrolment(em, await makeCampaign(em), request.customerId);
    await plan({ ...request, enrolmentId: other.id }, two);
    await plan({ ...request, enrolmentId: other.id, step: 'again' }, two);
    expect(await plan(request, two)).toMatchObject({ kind: 'deferred', reason: 'cap' });
    await query(em, `update message set state = 'withdrawn' where enrolment_id = $1 and step = 'again'`, [other.id]);
    expect(await plan({ ...request, occurrence: 2 }, two)).toMatchObject({ kind: 'planned' });
  });
});

describe('channelOrder', () => {
  it('honours the wish', () => {
    expect(channelOrder('preferred', null, [], null)).toEqual(['email', 'sms']);
    expect(channelOrder('preferred', 'sms', [], null)).toEqual(['sms', 'email']);
    expect(channelOrder('other', null, [], 'email')).toEqual(['sms']);
    expect(channelOrder('other', 'sms', [], null)).toEqual(['sms', 'email']);
    expect(channelOrder('sms', 'email', [], null)).toEqual(['sms']);
    expect(channelOrder('preferred', null, ['email'], null)).toEqual(['sms']);
  });
});
