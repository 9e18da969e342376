import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import type { EntityManager } from '@mikro-orm/postgresql';
import { readSettings, type Settings } from '../../../config/settings.js';
import type { Channel } from '../../../libs/channels/table.js';
import { createHints } from '../../../libs/messaging/dispatch/hints.js';
import { mostInFlight } from '../../../libs/messaging/dispatch/in-flight.js';
import { withdrawPlanned } from '../../../libs/messaging/ledger/ledger.js';
import { Message } from '../../../libs/messaging/ledger/message.entity.js';
import { readPolicyTables } from '../../../libs/messaging/contact-policy/policy-tables.js';
import { query, queryOne } from '../../../libs/persistence/sql.js';
import { newId } from '../../../libs/platform/ids.js';
import { createLogger } from '../../../libs/platform/log.js';
import { replyToTask } from '../../../libs/responses/desk-reply.js';
import { startSmtpSink, type SmtpSink } from '../../sandbox/smtp-sink.js';
import { startTwilioDouble, type TwilioDouble } from '../../sandbox/twilio-double.js';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import {
  makeCampaign,
  makeContactPoint,
  makeCustomer,
  makeEnrolment,
  makeOffer,
  testSecret,
  type MadeCampaign,
} from '../../../test/harness/factories.js';
import { redisDatabase } from '../../../test/harness/redis-database.js';
import { waitFor } from '../../../test/harness/wait-for.js';
import { start } from './main.js';

const accountSid = `AC${'1'.repeat(32)}`;
const authToken = 'a token for tests only';

describe('the dispatcher', () => {
  let database: TestDatabase;
  let em: EntityManager;
  let sink: SmtpSink;
  let double: TwilioDouble;
  let redis: Relay;
  let campaign: MadeCampaign;
  let settings: Settings;
  let running: { close(): Promise<void> } | undefined;

  beforeAll(async () => {
    const redisUrl = new URL(await redisDatabase());
    [database, sink, double, redis] = await Promise.all([
      createTestDatabase(),
      startSmtpSink(),
      startTwilioDouble({ accountSid, authToken }),
      startRelay(Number(redisUrl.port)),
    ]);
    settings = settingsFor(`redis://127.0.0.1:${redis.port}${redisUrl.pathname}`);
  });
  afterAll(async () => {
    await Promise.all([database.close(), sink.close(), double.close(), redis.close()]);
  });
  beforeEach(async () => {
    em = database.orm.em.fork();
    campaign = await makeCampaign(em);
  });
  afterEach(async () => {
    sink.behave([]);
    double.behave([]);
    await running?.close();
    running = undefined;
  });

  function settingsFor(redisUrl: string): Settings {
    return readSettings({
      PERENNIAL_DATABASE_URL: database.url,
      PERENNIAL_REDIS_URL: redisUrl,
      PERENNIAL_TEMPORAL_ADDRESS: '127.0.0.1:1',
      PERENNIAL_SECRET: testSecret,
      PERENNIAL_PUBLIC_URL: 'http://127.0.0.1:1',
      PERENNIAL_LOG_LEVEL: 'silent',
      PERENNIAL_SMTP_URL: sink.url,
      PERENNIAL_MAIL_FROM: 'care@example.test',
      PERENNIAL_REPLY_DOMAIN: 'reply.example.test',
      PERENNIAL_TWILIO_ACCOUNT_SID: accountSid,
      PERENNIAL_TWILIO_AUTH_TOKEN: authToken,
      PERENNIAL_TWILIO_FROM: '+14155550100',
      PERENNIAL_TWILIO_BASE_URL: double.url,
      PERENNIAL_SMS_RATE: '1000',
    });
  }

  async function plan(count: number, channel: Channel = 'email', offered = true): Promise<void> {
    for (let n = 0; n < count; n++) {
      const customer = await makeCustomer(em);
      const point = await makeContactPoint(em, customer.id, channel);
      const enrolment = await makeEnrolment(em, campaign, customer.id);
      await em.insert(Message, {
        id: newId(),
        enrolment: enrolment.id,
        campaign: campaign.id,
        customer: customer.id,
        contactPoint: point.id,
        offer: offered ? (await makeOffer(em, enrolment)).id : null,
        step: 'offer',
        occurrence: 1,
        channel,
        purpose: 'marketing',
        template: 'save-offer',
        state: 'planned',
        notBefore: new Date(Date.now() - 1_000),
        sendBefore: new Date(Date.now() + 3_600_000),
        plannedAt: new Date(),
      });
    }
  }
  const inState = async (state: string): Promise<number> =>
    (await queryOne<{ count: number }>(em, 'select count(*)::int from message where campaign_id = $1 and state = $2', [campaign.id, state]))
      ?.count ?? 0;
  /** How often each mail of this campaign arrived. */
  async function arrivals(since: number): Promise<number[]> {
    const ids = await query<{ id: string }>(em, 'select provider_id as id from message where campaign_id = $1', [campaign.id]);
    const mails = sink.mails(since).map(({ headers }) => headers['message-id']?.[0]);
    return ids.map(({ id }) => mails.filter((mail) => mail === `<${id}>`).length);
  }

  it('sends what is planned, on every channel', async () => {
    running = await start(settings);
    await plan(3);
    await plan(2, 'sms');
    await waitFor(async () => (await inState('accepted')) === 5);
    expect(double.texts()).toHaveLength(2);
    expect(sink.mails().every(({ to }) => to.length === 1)).toBe(true);
  });

  it('sends no message whose text would show a missing value, however it came into the ledger', async () => {
    const before = { mails: sink.mails().length, texts: double.texts().length };
    running = await start(settings);
    await plan(1, 'email', false);
    await plan(1, 'sms', false);
    await waitFor(async () => (await inState('rejected')) === 2);
    const codes = await query<{ code: string }>(em, 'select error_class || $2 || error_code as code from message where campaign_id = $1', [
      campaign.id,
      ' ',
    ]);
    expect(codes.map(({ code }) => code)).toEqual(['template missing-value', 'template missing-value']);
    expect({ mails: sink.mails().length, texts: double.texts().length }).toEqual(before);
  });

  it('sends a reply of the desk even if the campaign is paused', async () => {
    await query(em, `update campaign set state = 'paused' where id = $1`, [campaign.id]);
    const customer = await makeCustomer(em);
    await makeContactPoint(em, customer.id, 'email', { address: `asks-${newId()}@example.test` });
    const address = (await queryOne<{ address: string }>(em, 'select address from contact_point where customer_id = $1', [customer.id]))
      ?.address;
    const thread = JSON.stringify({ messageId: '<their@mail.example>', references: [], subject: 'A question' });
    const taskId = newId();
    await query(
      em,
      `with asked as (
         insert into response (id, source, source_id, channel, customer_id, answer, because, received_at, thread)
         values (uuidv7(), 'smtp', $1::text, 'email', $2, 'question', 'a test', now(), $3) returning id)
       insert into task (id, kind, response_id, customer_id, created_at, due_at) select $1::uuid, 'question', id, $2, now(), now() from asked`,
      [taskId, customer.id, thread],
    );
    const clock = { now: () => new Date(), realMs: (ms: number) => ms };
    await replyToTask(
      em.fork(),
      { taskId, text: 'Here is the answer.', key: 'once', by: 'a test' },
      readPolicyTables(['email', 'sms']),
      clock,
    );
    running = await start(settings);
    await waitFor(() => Promise.resolve(sink.mailsTo(address ?? '').length === 1));
    expect(sink.mailsTo(address ?? '')[0]?.headers['in-reply-to']).toEqual(['<their@mail.example>']);
    const state = (): Promise<unknown> => queryOne(em, `select state from message where customer_id = $1`, [customer.id]);
    await waitFor(async () => JSON.stringify(await state()) === '{"state":"accepted"}');
  });

  it('needs no Redis, and uses it again when it is back', async () => {
    running = await start(settings);
    redis.cut();
    await plan(3);
    await waitFor(async () => (await inState('accepted')) === 3);

    redis.restore();
    const hints = createHints(settings.redis.url, createLogger('test', 'silent'));
    await plan(1);
    await hints.hint('email');
    await waitFor(async () => (await inState('accepted')) === 4);
    await hints.close();
  });

  it('starts and closes while Redis is unavailable', async () => {
    running = await start(settingsFor('redis://127.0.0.1:1'));
    await plan(1);
    await waitFor(async () => (await inState('accepted')) === 1);
  });

  it('finishes messages in progress when it is closed, and releases those that were only claimed', async () => {
    const before = sink.count;
    sink.behave([{ delayMs: 300 }]);
    await plan(120);
    const closing = await start(settings);
    await waitFor(async () => (await inState('submitting')) > 0);
    await closing.close();
    expect(await inState('claimed')).toBe(0);
    expect(await inState('submitting')).toBe(0);
    expect(await inState('planned')).toBeGreaterThan(0);
    expect(await inState('accepted')).toBe(sink.count - before);
    expect(await query(em, `select from message where campaign_id = $1 and state = 'planned' and attempts > 0`, [campaign.id])).toEqual([]);
  });

  it('never has more than twenty messages marked and not settled, over all channels', async () => {
    const inFlight = async (): Promise<number> =>
      (await queryOne<{ count: number }>(database.orm.em.fork(), `select count(*)::int from message where state = 'submitting'`))?.count ??
      0;
    const seen: number[] = [];
    sink.behave([{ delayMs: 5 }]);
    double.behave([{ delayMs: 40 }]);
    await plan(150);
    await plan(50, 'sms');
    running = await start(settings, {
      atBoundary: async (boundary) => {
        if (boundary === 'marked' || boundary === 'settled') seen.push(await inFlight());
      },
    });
    await waitFor(async () => (await inState('accepted')) === 200, 30_000);
    expect(Math.max(...seen)).toBeLessThanOrEqual(mostInFlight);
    expect(Math.max(...seen)).toBeGreaterThan(10);
  });

  it('a mail that is withdrawn while its body is being transmitted does not arrive', async () => {
    const before = sink.count;
    await plan(30);
    running = await start(settings, {
      atBoundary: async (boundary) => {
        if (boundary === 'marking') await withdrawPlanned(database.orm.em.fork(), { campaignId: campaign.id }, new Date());
      },
    });
    await waitFor(async () => (await inState('withdrawn')) === 30);
    await running.close();
    running = undefined;
    expect(await inState('withdrawn')).toBe(30);
    expect(sink.count).toBe(before);
  });

  it('stops at once when a campaign is paused, and continues when it is resumed', async () => {
    const before = sink.count;
    sink.behave([{ delayMs: 50 }]);
    await plan(150);
    running = await start(settings);
    await waitFor(() => sink.count > before);
    await query(em, `update campaign set state = 'paused' where id = $1`, [campaign.id]);
    await waitFor(async () => (await inState('claimed')) + (await inState('submitting')) === 0);
    expect(await inState('planned')).toBeGreaterThan(0);
    sink.behave([]);
    await query(em, `update campaign set state = 'live' where id = $1`, [campaign.id]);
    await waitFor(async () => (await inState('accepted')) === 150);
    expect(new Set(await arrivals(before))).toEqual(new Set([1]));
  });

  it('sends each message once if two dispatchers use one ledger', async () => {
    const before = sink.count;
    await plan(300);
    running = await start(settings);
    const other = await start(settings);
    await waitFor(async () => (await inState('accepted')) === 300, 30_000);
    await other.close();
    expect(sink.count - before).toBe(300);
    expect(new Set(await arrivals(before))).toEqual(new Set([1]));
  });

  it('continues with e-mail while the provider of texts hangs', async () => {
    double.behave([{ delayMs: 12_000 }]);
    await plan(60, 'sms');
    running = await start(settings);
    await waitFor(async () => (await inState('submitting')) >= 10);
    await plan(100);
    await waitFor(async () => (await inState('accepted')) >= 100, 11_000);
    double.behave([]);
    await waitFor(async () => (await inState('accepted')) === 160, 30_000);
  });

  it('429 for a thousand messages: few are tried, no attempt is counted, and each is sent once when the provider accepts them', async () => {
    const before = double.texts().length;
    let requests = 0;
    double.behave([{ then: { kind: 'refuse', code: 20429 } }]);
    await plan(1_000, 'sms');
    running = await start(settings, { atBoundary: (boundary) => void (requests += boundary === 'answered' ? 1 : 0) });
    await waitFor(() => requests >= 20);
    expect(await inState('planned')).toBeGreaterThan(900);
    expect(double.texts()).toHaveLength(before);
    double.behave([]);
    await waitFor(async () => (await inState('accepted')) === 1_000, 50_000);
    expect(requests).toBeLessThan(1_300);
    expect(double.texts().length - before).toBe(1_000);
    expect(await query(em, 'select from message where campaign_id = $1 and attempts <> 1', [campaign.id])).toEqual([]);
  });

  it('a 500 with an HTML body may have been sent: it is unknown, and not sent again', async () => {
    let requests = 0;
    double.behave([{ times: 1, then: { kind: 'fail' } }]);
    await plan(1, 'sms');
    running = await start(settings, { atBoundary: (boundary) => void (requests += boundary === 'answered' ? 1 : 0) });
    await waitFor(async () => (await inState('unknown')) === 1);
    await plan(1, 'sms');
    await waitFor(async () => (await inState('accepted')) === 1);
    expect(requests).toBe(2);
    expect(
      await query(em, `select error_class, error_code from message where campaign_id = $1 and state = 'unknown'`, [campaign.id]),
    ).toEqual([{ error_class: 'ambiguous', error_code: '500' }]);
  });

  it('survives the loss of every database connection, and sends nothing twice', async () => {
    const before = sink.count;
    sink.behave([{ delayMs: 20 }]);
    await plan(300);
    running = await start(settings);
    for (let shot = 1; shot <= 3; shot++) {
      await waitFor(async () => (await inState('accepted')) >= shot * 50);
      await query(
        em,
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
    }
    // A claim whose commit was lost with its connection is released when its lease ends; this test does not wait for that.
    await query(em, `update message set lease_until = now() where campaign_id = $1 and state = 'claimed'`, [campaign.id]);
    await waitFor(async () => (await inState('accepted')) === 300, 30_000);
    expect(new Set(await arrivals(before))).toEqual(new Set([1]));
  });
});

interface Relay {
  readonly port: number;
  /** Cuts every connection and accepts no new one. */
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

/** A proxy between the dispatcher and Redis, so that Redis can be unavailable without being stopped for everybody. */
async function startRelay(target: number): Promise<Relay> {
  const lines = new Set<Socket>();
  let open = true;
  const server = createServer((inward) => {
    if (!open) return void inward.destroy();
    const outward = connect(target, '127.0.0.1');
    for (const [line, other] of [
      [inward, outward],
      [outward, inward],
    ] as const) {
      lines.add(line);
      line.on('error', () => undefined);
      line.on('close', () => {
        lines.delete(line);
        other.destroy();
      });
      line.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    open = false;
    for (const line of lines) line.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    restore: () => (open = true),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
