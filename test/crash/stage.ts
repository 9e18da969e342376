import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { RequestHandler } from 'express';
import type { CampaignCommands } from '../../apps/api/src/campaigns/campaign-commands.js';
import { createApp } from '../../apps/api/src/create-app.js';
import { readSettings, type Settings } from '../../config/settings.js';
import { openHeavyWork } from '../../libs/persistence/heavy-work.js';
import { createClock, type Clock } from '../../libs/platform/clock.js';
import { createLogger } from '../../libs/platform/log.js';
import { createRandom } from '../../libs/platform/random.js';
import { createTokens, type Tokens } from '../../libs/platform/tokens.js';
import { startSmtpSink, type SmtpSink } from '../../apps/sandbox/smtp-sink.js';
import { startTwilioDouble, type TwilioDouble } from '../../apps/sandbox/twilio-double.js';
import type { Documents } from '../../libs/content/documents.js';
import { publishedContent, shippedDocuments } from '../harness/content.js';
import { createTestDatabase } from '../harness/database.js';
import { testSecret } from '../harness/factories.js';
import { redisDatabase } from '../harness/redis-database.js';
import type { PublishedContent } from '../../libs/publishing/published-content.js';
import { openOrm } from '../../libs/schema/orm.js';
import { noSweeps } from '../harness/no-sweeps.js';

const accountSid = `AC${'c'.repeat(32)}`;
const authToken = 'the auth token of the crash test';
/** Of Twilio's status reports, how many the api does not hear: those messages only a look-up can heal. */
const reportsLost = 0.5;

/** Everything but the dispatcher: none of it is killed. */
export interface CrashStage {
  readonly settings: Settings;
  /** For a dispatcher in a process of its own, and for the command. */
  readonly env: Readonly<Record<string, string>>;
  readonly tokens: Tokens;
  readonly content: PublishedContent;
  readonly clock: Clock;
  readonly sink: SmtpSink;
  readonly twilio: TwilioDouble;
  em(): EntityManager;
  close(): Promise<void>;
}

export async function startCrashStage(seed: string): Promise<CrashStage> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const database = await createTestDatabase(16);
    closers.push(() => database.close());
    const sink = await startSmtpSink({ inMemory: 100_000 });
    closers.push(() => sink.close());
    // Reports come late enough that a kill is counted before they heal what it left.
    const twilio = await startTwilioDouble({ accountSid, authToken, reportAfterMs: 300 });
    closers.push(() => twilio.close());

    const port = await freePort();
    const env = {
      PERENNIAL_DATABASE_URL: database.url,
      PERENNIAL_REDIS_URL: await redisDatabase(),
      PERENNIAL_TEMPORAL_ADDRESS: '127.0.0.1:1',
      PERENNIAL_SECRET: testSecret,
      PERENNIAL_PUBLIC_URL: `http://127.0.0.1:${port}`,
      PERENNIAL_HTTP_PORT: String(port),
      PERENNIAL_LOG_LEVEL: process.env['PERENNIAL_LOG_LEVEL'] ?? 'silent',
      PERENNIAL_SMTP_URL: sink.url,
      PERENNIAL_MAIL_FROM: 'care@example.test',
      PERENNIAL_REPLY_DOMAIN: 'reply.example.test',
      PERENNIAL_EMAIL_RATE: '1000',
      PERENNIAL_TWILIO_ACCOUNT_SID: accountSid,
      PERENNIAL_TWILIO_AUTH_TOKEN: authToken,
      PERENNIAL_TWILIO_FROM: '+14155550100',
      PERENNIAL_TWILIO_BASE_URL: twilio.url,
      PERENNIAL_SMS_RATE: '1000',
    };
    const settings = readSettings(env);
    const clock = createClock(settings.clock);
    const { orm } = database;
    const content = await publishedContent(() => orm.em.fork(), await documentsOfOneTemplate());
    const heavy = await openHeavyWork((pool) => openOrm({ url: database.url, pool }));
    closers.push(() => heavy.close());
    const log = createLogger('api', settings.logLevel);
    const app = await createApp({ settings, orm, heavy, clock, log, content, commands: noCommands, sweeps: noSweeps });
    app.use(loseReports(seed));
    await app.listen(port, '127.0.0.1');
    closers.push(() => app.close());
    return { settings, env, tokens: createTokens(settings.secret), content, clock, sink, twilio, em: () => orm.em.fork(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** All messages here are of one template in one language, and nobody answers: a dispatcher that reads no more is ready to be killed in half the time. */
async function documentsOfOneTemplate(): Promise<Documents> {
  const needed = ['templates/_layout.yaml', 'templates/save-offer/en.yaml', 'replies/en.yaml'];
  return new Map([...(await shippedDocuments())].filter(([path]) => !/^(templates|replies)\//.test(path) || needed.includes(path)));
}

/** Nothing here commands campaigns. */
const noCommands: CampaignCommands = {
  command: () => Promise.reject(new Error('there is no Temporal here')),
  launchVersion: () => Promise.reject(new Error('there is no Temporal here')),
  repin: () => Promise.reject(new Error('there is no Temporal here')),
  wake: () => Promise.resolve(),
  ready: () => Promise.resolve(true),
  close: () => Promise.resolve(),
};

function loseReports(seed: string): RequestHandler {
  const random = createRandom(`reports:${seed}`);
  return (request, response, next) => {
    if (request.path === '/hooks/twilio/status' && random.chance(reportsLost)) response.status(503).end();
    else next();
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
