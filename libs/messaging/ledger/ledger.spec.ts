import { optOutAtProvider } from '../../consent/opt-out.js';
import type { EntityManager } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import {
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  testNow,
  type MadeCampaign,
} from '../../../test/harness/factories.js';
import { waitFor } from '../../../test/harness/wait-for.js';
import type { Channel } from '../../channels/table.js';
import type { ContactPoint } from '../../customers/contact-point.entity.js';
import { query, queryOne } from '../../persistence/sql.js';
import { newId } from '../../platform/ids.js';
import { claim, claimStatement, type ClaimedMessage } from './claim.js';
import { markSubmitting, recordDelivery, sweep, withdrawPlanned } from './ledger.js';
import { Message } from './message.entity.js';
import { provenSent } from './reconcile.js';
import type { SendResult } from '../../channels/contract/send-result.js';
import { backOffMs, settle } from './settle.js';
import { waitingEvents } from '../../../test/harness/signals.js';
import { signalsOfFailure } from '../../campaigns/signals.js';

const minute = 60_000;
const lease = minute;
const at = (ms: number): Date => new Date(testNow.getTime() + ms);

interface Planned {
  readonly id: string;
  readonly enrolmentId: string;
  readonly customerId: string;
  readonly point: ContactPoint;
}

describe('the ledger', () => {
  let database: TestDatabase;
  let em: EntityManager;
  let campaign: MadeCampaign;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    em = database.orm.em.fork();
    await query(em, 'truncate campaign, customer cascade');
    campaign = await makeCampaign(em);
  });

  const fork = (): EntityManager => database.orm.em.fork();
  async function planned(overrides: Partial<Message> = {}, channel: Channel = 'email'): Promise<Planned> {
    const customer = await makeCustomer(em);
    const point = await makeContactPoint(em, customer.id, channel);
    const enrolment = await makeEnrolment(em, campaign, customer.id);
    const id = newId();
    await em.insert(Message, {
      id,
      enrolment: enrolment.id,
      campaign: campaign.id,
      customer: customer.id,
      contactPoint: point.id,
      offer: null,
      step: 'offer',
      occurrence: 1,
      channel,
      purpose: 'marketing',
      template: 'save-offer',
      state: 'planned',
      notBefore: testNow,
      sendBefore: at(60 * minute),
      plannedAt: testNow,
      ...overrides,
    });
    return { id, enrolmentId: enrolment.id, customerId: customer.id, point };
  }
  const row = async (id: string): Promise<Record<string, unknown>> => {
    const found = await queryOne<Record<string, unknown>>(em, 'select * from message where id = $1', [id]);
    if (found === undefined) throw new Error(`no message ${id}`);
    return found;
  };
  const stateOf = async (id: string): Promise<unknown> => (await row(id))['state'];
  const signals = async (): Promise<unknown[]> => {
    const failed = (await waitingEvents(em)).filter((event) => event.kind === 'message.failed');
    return (await Promise.all(failed.map((event) => signalsOfFailure(em, event)))).flat().map(({ signal }) => signal);
  };
  const take = (now = testNow, limit = 50, channel: Channel = 'email'): Promise<ClaimedMessage[]> =>
    fork().transactional((tx) => claim(tx, channel, limit, lease, now));
  const settleAll = (batch: readonly ClaimedMessage[], result: SendResult, now = testNow): Promise<number> =>
    settle(
      fork(),
      batch.map((message) => ({ ...message, attempts: message.attempts + 1, result })),
      backOffMs,
      optOutAtProvider,
      now,
    );
  const submitted = async (message: Partial<Message> = {}, channel: Channel = 'email'): Promise<Planned & { batch: ClaimedMessage[] }> => {
    const made = await planned(message, channel);
    const batch = await take(testNow, 50, channel);
    await markSubmitting(fork(), batch, lease, testNow);
    return { ...made, batch };
  };

  describe('claim', () => {
    it('claims due messages of the channel, oldest first and up to the limit', async () => {
      const later = await planned({ notBefore: at(-minute) });
      const first = await planned({ notBefore: at(-2 * minute) });
      await planned({ notBefore: at(minute) });
      await planned({ sendBefore: testNow });
      await planned({}, 'sms');
      expect((await take(testNow, 1)).map(({ id }) => id)).toEqual([first.id]);
      expect((await take()).map(({ id }) => id)).toEqual([later.id]);
      expect(await take()).toEqual([]);
    });

    it('waits for another claim of the channel and then takes the remaining messages', async () => {
      for (let n = 0; n < 4; n++) await planned();
      let second: Promise<ClaimedMessage[]> | undefined;
      const first = await fork().transactional(async (tx) => {
        const mine = await claim(tx, 'email', 2, lease, testNow);
        second = take(testNow, 2);
        const waiting = `select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;
        await Promise.race([second, waitFor(async () => (await query(fork(), waiting)).length > 0)]);
        return mine;
      });
      const ids = [...first, ...((await second) ?? [])].map(({ id }) => id);
      expect(new Set(ids).size).toBe(4);
    });

    it('shares half of a claim among the campaigns with messages, and gives the rest by priority, then by age', async () => {
      for (let n = 0; n < 40; n++) await planned({ notBefore: at(-60 * minute) });
      const small = await makeCampaign(em, { priority: 10 });
      for (let n = 0; n < 3; n++) await planned({ campaign: small.id, notBefore: at(-minute) });
      const urgent = await makeCampaign(em, { priority: 90 });
      for (let n = 0; n < 40; n++) await planned({ campaign: urgent.id, notBefore: at(-2 * minute) });

      const counted = new Map<unknown, number>();
      for (const { id } of await take(testNow, 30)) {
        const owner = (await row(id))['campaign_id'];
        counted.set(owner, (counted.get(owner) ?? 0) + 1);
      }
      expect(counted.get(small.id)).toBe(3);
      expect(counted.get(campaign.id)).toBe(5);
      expect(counted.get(urgent.id)).toBe(22);
    });

    const alone = { enrolment: null, campaign: null, step: null } as const;
    const burst = async (count: number, of: Partial<Message>): Promise<void> => {
      const template = await planned(of);
      await query(
        em,
        `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, step, reference, occurrence, channel, purpose, template, state, not_before, send_before, planned_at)
         select uuidv7(), enrolment_id, campaign_id, customer_id, contact_point_id, step, reference || n, n + 1, channel, purpose, template, state, not_before, send_before, planned_at
         from message, generate_series(1, $2) n where id = $1`,
        [template.id, count - 1],
      );
    };
    const ofCampaigns = async (claimed: readonly ClaimedMessage[]): Promise<number> =>
      (await query(em, 'select from message where id = any($1::uuid[]) and campaign_id is not null', [claimed.map(({ id }) => id)])).length;

    it('gives a burst of single requests half of a claim while a campaign has something to send, and all of it otherwise', async () => {
      await burst(100, { ...alone, reference: 'burst', notBefore: at(-60 * minute) });
      await burst(25, {});
      expect(await ofCampaigns(await take(testNow, 40))).toBe(20);
      const rest = await take(testNow, 40);
      expect([rest.length, await ofCampaigns(rest)]).toEqual([40, 5]);
    });

    it('lets no campaign starve single requests, which go first', async () => {
      await burst(100, { notBefore: at(-60 * minute) });
      await burst(5, { ...alone, reference: 'few' });
      const claimed = await take(testNow, 40);
      expect([claimed.length, await ofCampaigns(claimed)]).toEqual([40, 35]);
      expect(await ofCampaigns(claimed.slice(0, 5))).toBe(0);
    });

    it('starves neither if the provider takes one at a time', async () => {
      await burst(40, { ...alone, reference: 'burst', notBefore: at(-60 * minute) });
      await burst(40, {});
      const claimed: ClaimedMessage[] = [];
      for (let n = 0; n < 40; n++) claimed.push(...(await take(testNow, 1)));
      // By chance each time: less than five of forty happens once in ten million runs.
      expect(await ofCampaigns(claimed)).toBeGreaterThan(4);
      expect(await ofCampaigns(claimed)).toBeLessThan(36);
    });

    it('does not read the planned messages of a paused campaign', async () => {
      const paused = await makeCampaign(em, { state: 'paused' });
      const [one] = [await planned({ campaign: paused.id })];
      await query(
        em,
        `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, step, occurrence, channel, purpose, template, state, not_before, send_before, planned_at)
         select uuidv7(), enrolment_id, campaign_id, customer_id, contact_point_id, 'many', n, channel, purpose, template, state, not_before, send_before, planned_at
         from message, generate_series(1, 20000) n where id = $1`,
        [one.id],
      );
      await query(em, 'analyze message');
      const touched = async (): Promise<number> => {
        const plan = await queryOne<{ 'QUERY PLAN': { Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }[] }>(
          em,
          `explain (analyze, buffers, format json) ${claimStatement().replace('$2::int', '50').replaceAll('$2', '50').replaceAll('$1', `'email'`).replaceAll('$3', `'${testNow.toISOString()}'::timestamptz`).replaceAll('$4', `'${testNow.toISOString()}'`)}`,
        );
        const top = plan?.['QUERY PLAN'][0]?.Plan;
        return (top?.['Shared Hit Blocks'] ?? 0) + (top?.['Shared Read Blocks'] ?? 0);
      };
      expect(await touched()).toBeLessThan(20);
    });

    it('does not claim messages of a paused or cancelled campaign', async () => {
      const message = await planned();
      for (const state of ['paused', 'cancelled', 'draft']) {
        await query(em, 'update campaign set state = $2 where id = $1', [campaign.id, state]);
        expect(await take()).toEqual([]);
      }
      await query(em, `update campaign set state = 'live' where id = $1`, [campaign.id]);
      expect(await take()).toMatchObject([{ id: message.id }]);
    });

    it('never gives one message to two claimers', async () => {
      for (let n = 0; n < 40; n++) await planned();
      const claims = (await Promise.all(Array.from({ length: 8 }, () => take(testNow, 10)))).flat();
      expect(claims).toHaveLength(40);
      expect(new Set(claims.map(({ id }) => id)).size).toBe(40);
    });

    it.each<[string, (message: Planned) => Promise<unknown>]>([
      [
        'was suppressed',
        ({ point }) => query(em, `insert into suppression values ($1, 'email', $2, 'opt-out', now())`, [newId(), point.addressHash]),
      ],
      ['died', ({ point }) => query(em, 'update contact_point set dead_at = now() where id = $1', [point.id])],
      [
        'has no consent any more',
        ({ point }) => query(em, 'update consent_event set granted = false where address_hash = $1', [point.addressHash]),
      ],
      ['never had consent', ({ point }) => query(em, 'delete from consent_event where address_hash = $1', [point.addressHash])],
      [
        'belongs to someone who objected',
        ({ customerId }) => query(em, 'update customer set objected_at = now() where id = $1', [customerId]),
      ],
    ])('withdraws a message whose address %s since it was planned, and notifies the journey', async (_, change) => {
      const blocked = await planned();
      await change(blocked);
      const open = await planned();
      expect((await take()).map(({ id }) => id)).toEqual([open.id]);
      expect(await stateOf(blocked.id)).toBe('withdrawn');
      expect(await signals()).toEqual([{ kind: 'message-failed', messageId: blocked.id, channel: 'email', why: 'rejected' }]);
    });
  });

  describe('a service message of somebody who opted out', () => {
    it.each([
      ['email', 'opt-out', 'claimed'],
      ['email', 'complaint', 'withdrawn'],
      ['sms', 'opt-out', 'withdrawn'],
      ['whatsapp', 'opt-out', 'withdrawn'],
    ] as const)('on %s, after the suppression %s, is %s', async (channel, reason, state) => {
      const bill = await planned({ purpose: 'service' }, channel);
      const offer = await planned({}, channel);
      for (const { point } of [bill, offer]) {
        await query(em, 'insert into suppression values (uuidv7(), $1, $2, $3, now())', [channel, point.addressHash, reason]);
      }
      await fork().transactional((tx) => claim(tx, channel, 50, lease, testNow));
      expect([await stateOf(bill.id), await stateOf(offer.id)]).toEqual([state, 'withdrawn']);
    });
  });

  describe('when a claimer dies', () => {
    it('before it submits, another sends each message exactly once', async () => {
      for (let n = 0; n < 20; n++) await planned();
      const lost = await take();
      expect(await take(at(lease - 1))).toEqual([]);
      expect(await sweep(fork(), at(lease))).toEqual({ released: 20, unknown: 0, late: 0 });
      const again = await take(at(lease));
      expect(again.map(({ id }) => id).sort()).toEqual(lost.map(({ id }) => id).sort());

      // The first one was not dead, only slow: its fence is no longer valid.
      expect((await markSubmitting(fork(), lost, lease, at(lease))).size).toBe(0);
      expect((await markSubmitting(fork(), again, lease, at(lease))).size).toBe(20);
      expect(await settleAll(lost, { kind: 'accepted', providerId: 'zombie' }, at(lease))).toBe(0);
    });

    it('while it submits, its messages are unknown and never sent again', async () => {
      const { id, batch } = await submitted();
      expect(batch).toHaveLength(1);
      expect(await sweep(fork(), at(lease))).toEqual({ released: 0, unknown: 1, late: 0 });
      expect(await stateOf(id)).toBe('unknown');
      expect(await take(at(2 * lease))).toEqual([]);
      expect(await sweep(fork(), at(120 * minute))).toEqual({ released: 0, unknown: 0, late: 0 });
      expect(await signals()).toEqual([]);
    });

    it('but replies after all, its result counts', async () => {
      const { id, batch } = await submitted();
      await sweep(fork(), at(lease));
      expect(await settleAll(batch, { kind: 'accepted', providerId: 'p-1' }, at(2 * lease))).toBe(1);
      expect(await row(id)).toMatchObject({ state: 'accepted', provider_id: 'p-1', error_class: null });
    });
  });

  it('marks no message that was withdrawn, or whose time or lease ended, since the claim', async () => {
    const withdrawn = await planned();
    const short = await planned({ sendBefore: at(1) });
    const fine = await planned();
    const batch = await take();
    expect(await withdrawPlanned(fork(), { customerId: withdrawn.customerId, channel: 'email' }, testNow)).toBe(1);
    expect([...(await markSubmitting(fork(), batch, lease, at(1)))]).toEqual([fine.id]);
    expect(await stateOf(withdrawn.id)).toBe('withdrawn');
    expect(await stateOf(short.id)).toBe('claimed');
    const overdue = await planned();
    const again = await take(at(1));
    expect(again.map(({ id }) => id)).toEqual([overdue.id]);
    expect([...(await markSubmitting(fork(), again, lease, at(lease + 1)))]).toEqual([]);
    expect([...(await markSubmitting(fork(), again, lease, at(lease)))]).toEqual([overdue.id]);
  });

  it('marks no message of a campaign that was paused since the claim', async () => {
    const { id } = await planned();
    const batch = await take();
    await query(em, `update campaign set state = 'paused' where id = $1`, [campaign.id]);
    expect([...(await markSubmitting(fork(), batch, lease, testNow))]).toEqual([]);
    expect(await stateOf(id)).toBe('claimed');
  });

  it('withdraws by customer, enrolment or campaign, and only messages that were not submitted', async () => {
    const sent = await submitted();
    const [one, two, three] = [await planned(), await planned(), await planned({}, 'sms')];
    expect(await withdrawPlanned(fork(), { customerId: one.customerId, channel: 'sms' }, testNow)).toBe(0);
    expect(await withdrawPlanned(fork(), { customerId: one.customerId, channel: undefined }, testNow)).toBe(1);
    expect(await withdrawPlanned(fork(), { enrolmentIds: [two.enrolmentId] }, testNow)).toBe(1);
    expect(await withdrawPlanned(fork(), { campaignId: campaign.id }, testNow)).toBe(1);
    expect(await Promise.all([one, two, three].map(({ id }) => stateOf(id)))).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
    expect(await stateOf(sent.id)).toBe('submitting');
  });

  it('marks an unclaimed message as late when its time has passed, and notifies the journey once', async () => {
    const late = await planned({ sendBefore: at(minute) });
    expect(await sweep(fork(), at(minute - 1))).toMatchObject({ late: 0 });
    const sweeps = await Promise.all([sweep(fork(), at(minute)), sweep(fork(), at(minute))]);
    expect(sweeps.reduce((sum, swept) => sum + swept.late, 0)).toBe(1);
    expect(await stateOf(late.id)).toBe('late');
    expect(await signals()).toEqual([{ kind: 'message-failed', messageId: late.id, channel: 'email', why: 'late' }]);
  });

  describe('settle', () => {
    it('keeps a transient failure for later, with growing waits, until its class gives up', async () => {
      const { id } = await planned({ sendBefore: at(600 * minute) });
      let now = testNow;
      for (let attempt = 1; attempt <= 5; attempt++) {
        const batch = await take(now);
        expect(batch).toHaveLength(1);
        await markSubmitting(fork(), batch, lease, now);
        await settleAll(batch, { kind: 'retry', errorClass: 'transient', errorCode: '451' }, now);
        expect(await row(id)).toMatchObject({ attempts: attempt });
        expect(await take(now)).toEqual([]);
        now = new Date(now.getTime() + 300_000);
      }
      expect(await row(id)).toMatchObject({ state: 'rejected', attempts: 5, error_class: 'transient', error_code: '451' });
      expect(await signals()).toMatchObject([{ kind: 'message-failed', why: 'rejected' }]);
    });

    it('does not count an attempt for a withheld message, or an error that is not the message’s', async () => {
      const { id } = await planned({ sendBefore: at(600 * minute) });
      for (const result of [
        { kind: 'withheld' },
        { kind: 'retry', errorClass: 'safe-retry', errorCode: 'ECONNECTION' },
        { kind: 'retry', errorClass: 'slow-down', errorCode: '429' },
      ] as const) {
        const batch = await take(at(10 * minute));
        expect(batch).toHaveLength(1);
        await settleAll(batch, result, testNow);
        expect(await row(id)).toMatchObject({ state: 'planned', attempts: 0, lease_until: null });
      }
    });

    it('stores the cost of a text', async () => {
      const { id, batch } = await submitted();
      await settleAll(batch, { kind: 'accepted', providerId: 'p-1', segments: 2, costMilli: 15_800 });
      expect(await row(id)).toMatchObject({ state: 'accepted', segments: 2, cost_milli: 15_800 });
    });

    it('marks a dead address, so that no other message goes there', async () => {
      const { batch, point, id } = await submitted();
      await settleAll(batch, { kind: 'rejected', errorClass: 'dead-address', errorCode: '5.1.1' });
      expect(await queryOne(em, 'select dead_at from contact_point where id = $1', [point.id])).toEqual({ dead_at: testNow });
      expect(await stateOf(id)).toBe('rejected');
      expect(await signals()).toHaveLength(1);
    });

    it('treats an opt-out that only the provider knew as a withdrawal of consent', async () => {
      const { batch, point } = await submitted();
      await settleAll(batch, { kind: 'rejected', errorClass: 'opt-out', errorCode: '21610' });
      expect(await query(em, 'select reason from suppression where address_hash = $1', [point.addressHash])).toEqual([
        { reason: 'opt-out' },
      ]);
      const events = await query(em, 'select granted, source from consent_event where address_hash = $1 order by at, id', [
        point.addressHash,
      ]);
      expect(events.at(-1)).toEqual({ granted: false, source: 'provider' });
    });

    it('does not notify a journey that has ended', async () => {
      const { batch, enrolmentId } = await submitted();
      await query(em, `update enrolment set state = 'closed', outcome = 'lapsed' where id = $1`, [enrolmentId]);
      await settleAll(batch, { kind: 'rejected', errorClass: 'refused', errorCode: '550' });
      expect(await signals()).toEqual([]);
    });

    it('waits half a second at least, five minutes at most, and the same every time', () => {
      const waits = Array.from({ length: 20 }, (_, index) => backOffMs('m', index + 1));
      expect(waits).toEqual(Array.from({ length: 20 }, (_, index) => backOffMs('m', index + 1)));
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
      expect(Math.max(...waits)).toBeLessThanOrEqual(300_000);
      expect(waits.at(-1)).toBeGreaterThanOrEqual(150_000);
    });

    it('waits a different time for each message, so that messages that failed together are not retried together', () => {
      const waits = Array.from({ length: 100 }, (_, index) => backOffMs(`m${String(index)}`, 5));
      expect(new Set(waits).size).toBeGreaterThan(90);
      expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(0.4 * 16_000);
    });
  });

  describe('a delivery report', () => {
    const report = (status: 'accepted' | 'delivered' | 'bounced' | 'rejected', rest: object = {}): Promise<boolean> =>
      fork().transactional((tx) =>
        recordDelivery(
          tx,
          { channels: ['email'], providerId: 'p-1', messageId: null, status, errorCode: null, now: at(1), ...rest },
          optOutAtProvider,
        ),
      );

    it('moves a message forward, once, and never back', async () => {
      const { id, batch } = await submitted();
      await settleAll(batch, { kind: 'accepted', providerId: 'p-1' });
      expect(await report('accepted')).toBe(false);
      expect(await report('delivered')).toBe(true);
      expect(await report('delivered')).toBe(false);
      expect(await report('accepted')).toBe(false);
      expect(await report('bounced')).toBe(false);
      expect(await stateOf(id)).toBe('delivered');
    });

    it('settles an unknown message by our own id', async () => {
      const { id, batch } = await submitted();
      await settleAll(batch, { kind: 'unknown', errorClass: 'ambiguous', errorCode: 'ETIMEDOUT' });
      expect(await stateOf(id)).toBe('unknown');
      expect(await report('delivered', { messageId: id })).toBe(true);
      expect(await row(id)).toMatchObject({ state: 'delivered', provider_id: 'p-1', error_class: null });
    });

    it('that arrives before the reply to the submission is kept', async () => {
      const { id, batch } = await submitted();
      expect(await report('delivered', { messageId: id })).toBe(true);
      expect(await settleAll(batch, { kind: 'unknown', errorClass: 'ambiguous', errorCode: 'ECONNRESET' })).toBe(0);
      expect(await stateOf(id)).toBe('delivered');
    });

    it.each(['delivered', 'bounced', 'rejected', 'accepted'] as const)(
      '`%s` before or after the reply to the submission gives the same row: id, segments, cost',
      async (status) => {
        const rows: unknown[] = [];
        for (const reportFirst of [true, false]) {
          const { id, batch } = await submitted({}, 'sms');
          const providerId = `p-${id}`;
          const steps = [
            () => report(status, { channels: ['sms'], providerId, messageId: id, errorCode: '30003' }),
            () => settleAll(batch, { kind: 'accepted', providerId, segments: 2, costMilli: 15_000 }),
          ];
          for (const step of reportFirst ? steps : [...steps].reverse()) await step();
          const { state, provider_id, segments, cost_milli, settled_by, error_class, error_code, attempts, lease_until } = await row(id);
          expect(provider_id).toBe(providerId);
          rows.push({ state, segments, cost_milli, settled_by, error_class, error_code, attempts, lease_until });
        }
        expect(rows[0]).toEqual(rows[1]);
        expect(rows[0]).toMatchObject({ state: status, segments: 2, cost_milli: 15_000, settled_by: null });
      },
    );

    it('of a text whose submission had no reply keeps the cost', async () => {
      const { id, batch } = await submitted({}, 'sms');
      await settleAll(batch, { kind: 'unknown', errorClass: 'ambiguous', errorCode: 'ETIMEDOUT', segments: 3, costMilli: 22_500 });
      await report('delivered', { channels: ['sms'], providerId: `p-${id}`, messageId: id });
      expect(await row(id)).toMatchObject({ state: 'delivered', segments: 3, cost_milli: 22_500, settled_by: 'report' });
    });

    it('or an answer that arrives before the reply to the submission loses neither its id nor its cost', async () => {
      const { id, batch } = await submitted({}, 'sms');
      await provenSent(fork(), id, 'answer', testNow);
      await settleAll(batch, { kind: 'accepted', providerId: `p-${id}`, segments: 1, costMilli: 7_500 });
      expect(await row(id)).toMatchObject({ state: 'accepted', provider_id: `p-${id}`, segments: 1, cost_milli: 7_500 });
    });

    it('of a bounce acts on the address and notifies the journey', async () => {
      const { id, batch, point } = await submitted();
      await settleAll(batch, { kind: 'accepted', providerId: 'p-1' });
      expect(await report('bounced', { errorCode: '5.1.1' })).toBe(true);
      expect(await report('bounced', { errorCode: '5.1.1' })).toBe(false);
      expect(await row(id)).toMatchObject({ state: 'bounced', error_class: 'dead-address', error_code: '5.1.1' });
      expect(await queryOne(em, 'select dead_at is not null as dead from contact_point where id = $1', [point.id])).toEqual({ dead: true });
      expect(await signals()).toEqual([{ kind: 'message-failed', messageId: id, channel: 'email', why: 'bounced' }]);
    });

    it('about another sender’s message is ignored', async () => {
      const { id, batch } = await submitted();
      await settleAll(batch, { kind: 'accepted', providerId: 'p-1' });
      expect(await report('bounced', { providerId: 'p-2' })).toBe(false);
      expect(await report('bounced', { providerId: 'p-2', messageId: id })).toBe(false);
      expect(await report('bounced', { channels: ['sms'] })).toBe(false);
      expect(await stateOf(id)).toBe('accepted');
    });
  });
});
