import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { testNow } from '../../../../test/harness/factories.js';
import { waitFor } from '../../../../test/harness/wait-for.js';
import { listAlerts } from '../../../../libs/access/alerts.js';
import type { DomainEvent, NewEvent } from '../../../../libs/outbox/event-kinds.js';
import { triesBeforeAlert } from '../../../../libs/outbox/event-queue.js';
import { writeEvents } from '../../../../libs/outbox/write-events.js';
import { query } from '../../../../libs/persistence/sql.js';
import { newId } from '../../../../libs/platform/ids.js';
import { createLogger } from '../../../../libs/platform/log.js';
import { EventRelay } from './event-relay.js';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase(30)));
afterAll(() => database.close());
beforeEach(() => query(em(), 'delete from domain_event'));

const em = () => database.orm.em.fork();
const log = createLogger('relay', 'silent');
const clock = { now: () => testNow, realMs: (ms: number) => ms };
const waiting = async () => (await query(em(), 'select from domain_event where delivered_at is null')).length;

const changed = (customerId: string, field: string): NewEvent => ({ kind: 'customer.changed', customerId, payload: { fields: [field] } });

/** Nobody subscribes to it. */
const ended = (customerId: string): NewEvent => ({
  kind: 'enrolment.ended',
  customerId,
  payload: { enrolmentId: newId(), campaignId: newId(), outcome: 'saved' },
});

/** Runs relays until the outbox is as it should be. */
async function relaying(count: number, deliver: (event: DomainEvent) => Promise<void>, until: () => Promise<boolean>): Promise<void> {
  const relays = Array.from({ length: count }, () => new EventRelay(database.orm, deliver, ['enrolment.ended'], clock, log));
  for (const relay of relays) relay.start();
  try {
    await waitFor(until, 30_000);
  } finally {
    await Promise.all(relays.map((relay) => relay.stop()));
  }
}

describe('the relay', () => {
  it('delivers everything in order for each customer, however many relays run and fail', async () => {
    const customers = Array.from({ length: 20 }, newId);
    for (let place = 0; place < 6; place += 1)
      await writeEvents(
        em(),
        customers.flatMap((customer) => [ended(customer), changed(customer, String(place))]),
        testNow,
      );
    const heard = new Map<string, string[]>();
    let calls = 0;
    const deliver = async (event: DomainEvent): Promise<void> => {
      await new Promise(setImmediate);
      if (event.kind !== 'customer.changed') return;
      const before = heard.get(event.customerId) ?? [];
      heard.set(event.customerId, [...before, ...event.payload.fields]);
      // After it was handled, as if the process died before it stored that: it is handled again.
      if ((calls += 1) % 17 === 0) throw new Error('died');
    };
    await relaying(3, deliver, async () => (await waiting()) === 0);
    for (const customer of customers) {
      const order = heard.get(customer) ?? [];
      expect([...new Set(order)]).toEqual(['0', '1', '2', '3', '4', '5']);
      expect(order).toEqual([...order].sort());
    }
  });

  it('passes over what nobody subscribes to, so that the next event of the customer does not wait for it', async () => {
    const customerId = newId();
    await writeEvents(em(), [ended(customerId), changed(customerId, 'a'), ended(customerId), changed(customerId, 'b')], testNow);
    const heard: string[] = [];
    const deliver = (event: DomainEvent): Promise<void> => Promise.resolve(void heard.push(event.kind));
    await relaying(1, deliver, async () => (await waiting()) === 0);
    expect(heard).toEqual(['customer.changed', 'customer.changed']);
  });

  it('delivers the events of a lost transaction again', async () => {
    const [lost, whole] = [newId(), newId()];
    await writeEvents(em(), [changed(lost, 'a'), changed(whole, 'a')], testNow);
    const heard: (string | null)[] = [];
    const deliver = async ({ customerId }: DomainEvent): Promise<void> => {
      heard.push(customerId);
      if (heard.length === 1)
        await query(
          em(),
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`,
        );
    };
    await relaying(1, deliver, async () => (await waiting()) === 0);
    expect(new Set(heard)).toEqual(new Set([lost, whole]));
    expect(heard.length).toBeGreaterThan(2);
  });

  it('raises an alert about an event that keeps failing, delivers the others, and clears it when it is delivered', async () => {
    const [poisoned, other] = [newId(), newId()];
    await writeEvents(em(), [changed(poisoned, 'a'), changed(other, 'a')], testNow);
    await query(em(), 'update domain_event set attempts = $2 where customer_id = $1', [poisoned, triesBeforeAlert - 1]);
    const open = async () => (await listAlerts(em(), { open: true, after: null, rows: 10 })).map(({ kind, subject }) => [kind, subject]);
    const heard: (string | null)[] = [];
    const failing = ({ customerId }: DomainEvent): Promise<void> => {
      if (customerId === poisoned) throw new Error('poisoned');
      heard.push(customerId);
      return Promise.resolve();
    };
    await relaying(1, failing, async () => (await open()).length > 0);
    expect(await open()).toEqual([['events-stuck', 'customer.changed']]);
    expect(heard).toContain(other);
    await query(em(), 'update domain_event set due_at = now()');
    await relaying(
      1,
      () => Promise.resolve(),
      async () => (await waiting()) === 0,
    );
    expect(await open()).toEqual([]);
  });

  it('delays an event of a kind that this program does not know', async () => {
    await query(em(), `insert into domain_event (id, kind, payload, at) values (uuidv7(), 'made.up', '{}', now())`);
    const attempts = async () => (await query<{ attempts: number }>(em(), 'select attempts from domain_event'))[0]?.attempts ?? 0;
    await relaying(
      1,
      () => Promise.resolve(),
      async () => (await attempts()) > 0,
    );
    expect(await waiting()).toBe(1);
  });
});
