import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import {
  day,
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeMessage,
  makeOffer,
  testNow,
  type MadeCampaign,
} from '../../../test/harness/factories.js';
import type { Enrolment } from '../../campaigns/enrolment.entity.js';
import type { Purpose } from '../../channels/purpose.js';
import { query } from '../../persistence/sql.js';
import { newId } from '../../platform/ids.js';
import { planMessages, type StepRequest, type PlanResult } from './plan-message.js';
import { readPolicyTables, type PolicyTables } from '../contact-policy/policy-tables.js';

const hour = 3_600_000;
const tables = readPolicyTables(['email', 'sms']);
const cappedAtOne: PolicyTables = {
  ...tables,
  limits: { ...tables.limits, marketing: { caps: [{ messages: 1, windowMs: 7 * day }], gapMs: 0 } },
};
const at = (iso: string): Date => new Date(iso);

describe('planMessages', () => {
  let database: TestDatabase;
  let em: EntityManager;
  let lesser: MadeCampaign;
  let greater: MadeCampaign;
  beforeAll(async () => {
    database = await createTestDatabase();
    lesser = await makeCampaign(database.orm.em.fork());
    greater = await makeCampaign(database.orm.em.fork(), { priority: 10 });
  });
  afterAll(() => database.close());
  beforeEach(() => (em = database.orm.em.fork()));

  async function customer(overrides: Parameters<typeof makeCustomer>[1] = {}): Promise<string> {
    const { id } = await makeCustomer(em, overrides);
    for (const channel of ['email', 'sms'] as const) await makeContactPoint(em, id, channel);
    return id;
  }
  const request = (enrolment: Enrolment, more: Partial<StepRequest> = {}): StepRequest => ({
    enrolmentId: enrolment.id,
    step: 'offer',
    occurrence: 1,
    template: 'save-offer',
    channel: 'preferred',
    except: [],
    last: null,
    now: testNow,
    ...more,
  });
  const plan = (requests: readonly StepRequest[], policy = tables): Promise<PlanResult[]> =>
    database.orm.em.fork().transactional((tx) => planMessages(tx, requests, policy));
  const decisions = (enrolment: Enrolment): Promise<{ kind: string; reasons: string[] }[]> =>
    query(em, 'select kind, reasons from decision where enrolment_id = $1 and step = $2 order by occurrence, ordinal', [
      enrolment.id,
      'offer',
    ]);

  it('answers each request as if it were alone, in the order of the requests', async () => {
    const customers = [
      await customer(),
      await customer({ objectedAt: testNow }),
      await customer({ timeZone: 'Asia/Tokyo' }),
      await customer({ preferredChannel: 'sms' }),
    ];
    const enrolments = await Promise.all(customers.map((id) => makeEnrolment(em.fork(), lesser, id)));
    const results = await plan(enrolments.map((each) => request(each)));
    expect(results).toMatchObject([
      { kind: 'planned', channel: 'email' },
      { kind: 'blocked', reason: 'objected' },
      { kind: 'deferred', reason: 'quiet-hours', until: Date.parse('2026-03-03T00:00:00Z') },
      { kind: 'planned', channel: 'sms' },
    ]);
    expect(await plan(enrolments.map((each) => request(each)))).toEqual(results);
    expect(await plan([...enrolments].reverse().map((each) => request(each)))).toEqual([...results].reverse());
  });

  it('runs the same number of statements for many as for one', async () => {
    const enrolments: Enrolment[] = [];
    for (let each = 0; each < 12; each++) enrolments.push(await makeEnrolment(em, lesser, await customer()));
    const requests = enrolments.map((each) => request(each));
    const counted = async (asked: readonly StepRequest[]): Promise<number> => {
      let statements = 0;
      await database.orm.em.fork().transactional(async (tx) => {
        const counting = new Proxy(tx, {
          get: (target, name) => (name === 'getKysely' ? () => (statements++, target.getKysely()) : (Reflect.get(target, name) as unknown)),
        });
        expect(await planMessages(counting, asked, tables)).toHaveLength(asked.length);
      });
      return statements;
    };
    const alone = await counted(requests.slice(0, 1));
    expect(alone).toBeGreaterThan(5);
    expect(await counted(requests.slice(1))).toBe(alone);
  });

  it('lets two requests for one customer see each other, the higher priority first', async () => {
    const who = await customer();
    const [low, high] = [await makeEnrolment(em, lesser, who), await makeEnrolment(em, greater, who)];
    expect(await plan([request(low), request(high)], cappedAtOne)).toMatchObject([
      { kind: 'deferred', reason: 'cap' },
      { kind: 'planned' },
    ]);
  });

  it('gives the same request twice in a batch one answer and one message', async () => {
    const one = request(await makeEnrolment(em, lesser, await customer()));
    const [first, second] = await plan([one, one]);
    expect(first).toMatchObject({ kind: 'planned' });
    expect(second).toEqual(first);
  });

  it('defers for priority while a campaign that goes first waits for its hour, and not for one that goes later', async () => {
    const who = await customer();
    const evening = at('2026-03-02T19:30:00Z');
    const high = await makeEnrolment(em, greater, who, { step: 'offer' });
    const low = await makeEnrolment(em, lesser, who, { step: 'offer' });
    expect(await plan([request(high, { now: evening })], cappedAtOne)).toMatchObject([{ kind: 'deferred', reason: 'quiet-hours' }]);
    // A campaign with the same priority does not give way. One with a lower priority does, for a day at a time, and not for ever.
    const equal = await makeEnrolment(em, await makeCampaign(em, { priority: 10 }), who);
    const anytime = { ...cappedAtOne, companyHours: { ...tables.companyHours, email: allDay, sms: allDay } };
    const [yielding] = await plan([request(low, { now: evening })], anytime);
    expect(yielding).toEqual({ kind: 'deferred', until: evening.getTime() + day, reason: 'priority' });
    expect(await plan([request(equal, { now: evening })], anytime)).toMatchObject([{ kind: 'planned' }]);
    await query(em, `update message set state = 'withdrawn' where enrolment_id = $1`, [equal.id]);
    const later = new Date(evening.getTime() + 3 * day);
    await query(em, `update decision set until = $2 where enrolment_id = $1 and kind = 'defer'`, [high.id, later]);
    expect(await plan([request(low, { now: later, occurrence: 2 })], anytime)).toMatchObject([{ kind: 'planned' }]);
  });

  it('priority is only among offers: no message gives way to a service message, and a service message to none', async () => {
    const now = at('2026-03-02T19:30:00Z');
    const one = cappedAtOne.limits.marketing;
    const policy = { ...tables, limits: { marketing: one, service: one }, companyHours: { ...tables.companyHours, email: allDay } };
    /**
     * The answer for the lower priority, by e-mail, while the higher one waits for the morning to send a text: asked after it, and in one
     * batch with it.
     */
    const giveWay = async (greaters: Purpose, lessers: Purpose): Promise<unknown[]> => {
      const asked = async (): Promise<[StepRequest, StepRequest]> => {
        const who = await customer();
        const [high, low] = [await makeEnrolment(em, greater, who, { step: 'offer' }), await makeEnrolment(em, lesser, who)];
        return [request(high, { now, channel: 'sms', purpose: greaters }), request(low, { now, channel: 'email', purpose: lessers })];
      };
      const [first, second] = await asked();
      expect(await plan([first], policy)).toMatchObject([{ kind: 'deferred', reason: 'quiet-hours' }]);
      const [apart] = await plan([second], policy);
      const [, together] = await plan(await asked(), policy);
      return [apart?.kind, together?.kind];
    };
    expect(await giveWay('marketing', 'marketing')).toEqual(['deferred', 'deferred']);
    expect(await giveWay('service', 'marketing')).toEqual(['planned', 'planned']);
    expect(await giveWay('marketing', 'service')).toEqual(['planned', 'planned']);
  });

  it('gives way to an offer that was not sent yet, and not to a campaign that is paused or ended, or whose window is over', async () => {
    const give = async (parts: { campaign?: MadeCampaign; state?: 'closed'; issuedAt?: Date }): Promise<PlanResult | undefined> => {
      const who = await customer();
      const other = await makeEnrolment(em, parts.campaign ?? greater, who, { state: parts.state ?? 'entered' });
      await makeOffer(em, other, { issuedAt: parts.issuedAt ?? testNow });
      return (await plan([request(await makeEnrolment(em, lesser, who))], cappedAtOne))[0];
    };
    expect(await give({})).toMatchObject({ kind: 'deferred', reason: 'priority' });
    expect(await give({ state: 'closed' })).toMatchObject({ kind: 'planned' });
    expect(await give({ issuedAt: new Date(testNow.getTime() - 2 * day) })).toMatchObject({ kind: 'planned' });
    expect(await give({ campaign: await makeCampaign(em, { priority: 10, state: 'paused' }) })).toMatchObject({ kind: 'planned' });
  });

  it('keeps the gap after a message of another campaign, but not after one that bounced or failed', async () => {
    const sentBefore = async (state: 'delivered' | 'bounced' | 'rejected'): Promise<PlanResult | undefined> => {
      const who = await customer();
      const earlier = await makeEnrolment(em, greater, who, { state: 'closed' });
      const point = await makeContactPoint(em, (await makeCustomer(em)).id, 'email');
      await makeMessage(em, earlier, point, { state, submittedAt: new Date(testNow.getTime() - hour) });
      return (await plan([request(await makeEnrolment(em, lesser, who))]))[0];
    };
    expect(await sentBefore('delivered')).toEqual({ kind: 'deferred', until: Date.parse('2026-03-03T08:00:00Z'), reason: 'gap' });
    expect(await sentBefore('bounced')).toMatchObject({ kind: 'planned' });
    expect(await sentBefore('rejected')).toMatchObject({ kind: 'planned' });
  });

  describe('an address that two customers share', () => {
    let count = 0;
    /** Two customers, each in a campaign of their own. */
    async function sharers(channel: 'email' | 'sms' = 'email', spellings = ['Shared', 'SHARED']): Promise<[Enrolment, Enrolment]> {
      const number = ++count;
      const made: Enrolment[] = [];
      for (const spelling of spellings) {
        const { id } = await makeCustomer(em);
        const address = channel === 'email' ? `${spelling}-${number}@example.com` : `${spelling}55${String(10_000_000 + number)}`;
        await makeContactPoint(em, id, channel, { address });
        made.push(await makeEnrolment(em, await makeCampaign(em), id));
      }
      return made as [Enrolment, Enrolment];
    }

    it('gets one message within the gap, for either customer: in one batch, and one after the other', async () => {
      const [one, other] = await sharers();
      expect(await plan([request(one), request(other)])).toMatchObject([{ kind: 'planned' }, { kind: 'deferred', reason: 'gap' }]);
      const [first, second] = await sharers();
      expect(await plan([request(first)])).toMatchObject([{ kind: 'planned' }]);
      await query(em, `update message set state = 'accepted', submitted_at = $2 where enrolment_id = $1`, [first.id, testNow]);
      expect(await plan([request(second, { now: at('2026-03-02T13:00:00Z') })])).toMatchObject([{ kind: 'deferred', reason: 'gap' }]);
    });

    it('gets no more than the caps, in any spelling', async () => {
      const [one, other] = await sharers('sms', ['+52', '+521']);
      expect(await plan([request(one)], cappedAtOne)).toMatchObject([{ kind: 'planned', channel: 'sms' }]);
      expect(await plan([request(other)], cappedAtOne)).toMatchObject([{ kind: 'deferred', reason: 'cap' }]);
    });

    it('counts only on its own channel, and without bounced messages', async () => {
      const [one, other] = await sharers();
      await makeContactPoint(em, other.customer, 'sms');
      await plan([request(one)]);
      expect(await plan([request(other, { channel: 'sms' })])).toMatchObject([{ kind: 'planned', channel: 'sms' }]);
      const [bounced, next] = await sharers();
      await plan([request(bounced)]);
      await query(em, `update message set state = 'bounced', submitted_at = $2 where enrolment_id = $1`, [bounced.id, testNow]);
      expect(await plan([request(next)])).toMatchObject([{ kind: 'planned' }]);
    });

    it('is planned for once if both ask at the same moment', async () => {
      const [one, other] = await sharers();
      const results = await Promise.all([plan([request(one)]), plan([request(other)])]);
      expect(results.flat().map(({ kind }) => kind)).toEqual(expect.arrayContaining(['planned', 'deferred']));
    });

    it('is found by an index, however many messages there are', async () => {
      const { id } = await makeCustomer(em);
      const own = await makeContactPoint(em, id, 'email');
      const enrolment = await makeEnrolment(em, lesser, id);
      await query(
        em,
        `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, address_hash, step, occurrence, channel, purpose, template, state,
                              not_before, send_before, planned_at, submitted_at)
         select uuidv7(), $1, $2, $3, $4, 'other-' || n, 'many', n, 'email', 'marketing', 'save-offer', 'accepted', now(), now(), now(), now()
         from generate_series(1, 20000) n`,
        [enrolment.id, lesser.id, id, own.id],
      );
      await query(em, 'analyze message');
      const rows = await query<Record<string, string>>(
        em,
        `explain select id from message where address_hash = $1 and customer_id <> $2 and state = any($3::text[]) limit 1000`,
        [own.addressHash, id, ['planned', 'accepted']],
      );
      expect(rows.map((row) => Object.values(row)[0]).join('\n')).toContain('message_address_hash_planned_at_index');
      await query(em, `delete from message where step = 'many'`);
    });
  });

  it('sends a service message without consent and above every cap', async () => {
    const who = await customer({ objectedAt: testNow });
    await query(em, 'delete from consent_event where customer_id = $1', [who]);
    const enrolment = await makeEnrolment(em, lesser, who);
    const service = (step: string): StepRequest => request(enrolment, { step, purpose: 'service' });
    expect(await plan([service('one'), service('two')], cappedAtOne)).toMatchObject([{ kind: 'planned' }, { kind: 'planned' }]);
    expect(await query(em, 'select distinct purpose from message where enrolment_id = $1', [enrolment.id])).toEqual([
      { purpose: 'service' },
    ]);
  });

  it('waits once for the hour at which the customer answers, with that reason, and prefers the channel they answer on', async () => {
    const who = await customer();
    const earlier = await makeEnrolment(em, greater, who, { state: 'closed' });
    const [point] = await query<{ id: string }>(em, `select id from contact_point where customer_id = $1 and channel = 'sms'`, [who]);
    for (let week = 1; week <= 12; week++) {
      for (const [step, time, answered] of [
        ['evening', '17:30', true],
        ['morning', '09:00', false],
      ] as const) {
        const sentAt = new Date(Date.parse(`2026-03-02T${time}:00Z`) - week * 7 * day - 10 * day);
        const message = {
          id: newId(),
          channel: 'sms',
          state: 'delivered',
          step,
          occurrence: week,
          plannedAt: sentAt,
          submittedAt: sentAt,
        } as const;
        await makeMessage(em, earlier, { id: point?.id ?? '', channel: 'sms' } as Parameters<typeof makeMessage>[2], message);
        if (answered) {
          await query(
            em,
            `insert into response (id, source, source_id, channel, customer_id, enrolment_id, message_id, answer, because, received_at)
             values ($1, 'twilio', 'answer-' || $1::uuid, 'sms', $2, $3, $5, 'question', 'asked', $4)`,
            [newId(), who, earlier.id, new Date(sentAt.getTime() + hour), message.id],
          );
        }
      }
    }
    const enrolment = await makeEnrolment(em, lesser, who);
    const until = Date.parse('2026-03-02T17:00:00Z');
    const [waits] = await plan([request(enrolment)]);
    expect(waits).toEqual({ kind: 'deferred', until, reason: 'preferred-hour' });
    const [goes] = await plan([request(enrolment, { occurrence: 2, now: new Date(until) })]);
    expect(goes).toMatchObject({ kind: 'planned', channel: 'sms' });
    expect(await decisions(enrolment)).toEqual([
      { kind: 'defer', reasons: ['preferred-hour'] },
      { kind: 'send', reasons: ['allowed', 'channel-learnt', 'hour-learnt'] },
    ]);
    const again = await makeEnrolment(em, await makeCampaign(em), who);
    await query(em, `update message set state = 'accepted', submitted_at = planned_at where enrolment_id = $1`, [enrolment.id]);
    expect(await plan([request(again, { now: at('2026-03-06T12:00:00Z') })])).toMatchObject([
      { kind: 'deferred', reason: 'preferred-hour' },
    ]);
    expect(await plan([request(again, { occurrence: 2, now: at('2026-03-06T12:30:00Z') })])).toMatchObject([{ kind: 'planned' }]);
  });
});

const allDay = [{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 }];
