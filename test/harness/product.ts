import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntityManager } from '@mikro-orm/postgresql';
import { start as startApi } from '../../apps/api/src/main.js';
import { publicUrlOf } from '../../apps/cli/src/stack/part.js';
import { startParts } from '../../apps/cli/src/stack/start-parts.js';
import { prepare } from '../../apps/cli/src/stack/surroundings.js';
import { temporal } from '../../apps/cli/src/stack/temporal.js';
import { start as startDispatcher } from '../../apps/dispatcher/src/main.js';
import { start as startWorker } from '../../apps/worker/src/main.js';
import { readSettings } from '../../config/settings.js';
import { createApiKey } from '../../libs/access/api-keys.js';
import { newId } from '../../libs/platform/ids.js';
import type { DestinationStream } from '../../libs/platform/log.js';
import { createClock, type Clock } from '../../libs/platform/clock.js';
import { startSmtpSink, type SmtpSink } from '../../apps/sandbox/smtp-sink.js';
import { startTwilioDouble, type TwilioDouble } from '../../apps/sandbox/twilio-double.js';
import { createTestDatabase } from './database.js';
import { createAnswerCheck } from './described-answers.js';
import { redisDatabase } from './redis-database.js';
import { resource } from './resource.js';
import { productBundle } from './temporal.js';

export const companyNumber = '+15005550006';

/** The folder of content beside each process; by default the project's own. */
export interface Disks {
  readonly api?: string;
  /** Beside a second api, which is started only if this is set. */
  readonly secondApi?: string;
  readonly worker?: string;
  readonly dispatcher?: string;
}

/** Other things that a spec may observe. */
export interface Watched {
  /** Gets every log line of api, worker and dispatcher, also debug lines. */
  readonly logTo?: DestinationStream;
}

/** The whole product with real services, and doubles for the outside world. */
export interface Product {
  readonly url: string;
  readonly sink: SmtpSink;
  readonly twilio: TwilioDouble;
  readonly clock: Clock;
  /** The address of Temporal. */
  readonly temporal: string;
  /** What a command needs to reach the same data. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where Temporal's data and logs lie. */
  readonly dataDir: string;
  /** The address of the server for incoming mail. */
  readonly inboundPort: number;
  /** The health endpoints of worker and dispatcher. */
  readonly health: { readonly worker: string; readonly dispatcher: string };
  em(): EntityManager;
  get<Body>(path: string): Promise<Body>;
  /** @throws Error with the problem's own words if the api refuses */
  post<Body>(path: string, body?: unknown): Promise<Body>;
  /** The same by the second api, if there is one. */
  postToSecond<Body>(path: string, body?: unknown): Promise<Body>;
  close(): Promise<void>;
}

/**
 * Starts api, worker and dispatcher in this process: PostgreSQL and Redis are those of the run, Temporal's development
 * server is this product's own. Every answer of the api is compared with its own description.
 * @param speed campaign seconds in one real second
 * @param disks folders of content, each beside one process
 */
export async function startProduct(speed: number, disks: Disks = {}, { logTo }: Watched = {}): Promise<Product> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const dataDir = join(await resource('data'), `product-${newId()}`);
    closers.push(() => rm(dataDir, { recursive: true, force: true }));
    const { around, release } = await prepare({ dataDir, env: withoutOurs(), log: () => undefined, durable: false });
    closers.push(release);
    const parts = await startParts([temporal], around);
    closers.push(() => parts.stop());
    const database = await createTestDatabase();
    closers.push(() => database.close());
    const sink = await startSmtpSink();
    closers.push(() => sink.close());
    const url = publicUrlOf(around);
    const { secret, twilioAccountSid: accountSid, twilioAuthToken: authToken } = around.secrets;
    const twilio = await startTwilioDouble({ accountSid, authToken, inboundUrl: `${url}/hooks/twilio/inbound` });
    closers.push(() => twilio.close());

    const environment = {
      ...parts.get('temporal').env,
      PERENNIAL_DATABASE_URL: database.url,
      PERENNIAL_REDIS_URL: await redisDatabase(),
      PERENNIAL_SECRET: secret,
      PERENNIAL_PUBLIC_URL: url,
      PERENNIAL_HTTP_PORT: String(around.ports.http),
      PERENNIAL_INBOUND_SMTP_PORT: String(around.ports.inboundSmtp),
      PERENNIAL_WORKER_HEALTH_PORT: '0',
      PERENNIAL_DISPATCHER_HEALTH_PORT: '0',
      PERENNIAL_SMTP_URL: sink.url,
      PERENNIAL_MAIL_FROM: 'offers@example.test',
      PERENNIAL_REPLY_DOMAIN: 'reply.example.test',
      PERENNIAL_TWILIO_ACCOUNT_SID: accountSid,
      PERENNIAL_TWILIO_AUTH_TOKEN: authToken,
      PERENNIAL_TWILIO_FROM: companyNumber,
      PERENNIAL_TWILIO_BASE_URL: twilio.url,
      PERENNIAL_CLOCK_ORIGIN: new Date().toISOString(),
      PERENNIAL_CLOCK_SPEED: String(speed),
      PERENNIAL_ALLOW_FAST_CLOCK: 'true',
      PERENNIAL_LOG_LEVEL: logTo === undefined ? (process.env['PERENNIAL_LOG_LEVEL'] ?? 'silent') : 'trace',
    };
    const settings = readSettings(environment);
    const clock = createClock(settings.clock);
    const api = await startApi(settings, { firstKey: false, logTo, ...besides(disks.api) });
    closers.push(() => api.close());
    const worker = await startWorker(settings, { workflowBundle: await productBundle(), logTo, ...besides(disks.worker) });
    closers.push(() => worker.close());
    const dispatcher = await startDispatcher(settings, { logTo, ...besides(disks.dispatcher) });
    closers.push(() => dispatcher.close());
    const secondSettings = { ...settings, http: { ...settings.http, port: 0 }, inboundMail: { ...settings.inboundMail, port: 0 } };
    const second =
      disks.secondApi === undefined ? undefined : await startApi(secondSettings, { firstKey: false, ...besides(disks.secondApi) });
    if (second !== undefined) closers.push(() => second.close());

    const { key } = await createApiKey(database.orm.em.fork(), 'end to end', clock.now());
    const check = createAnswerCheck((await (await fetch(`${url}/openapi.json`)).json()) as Parameters<typeof createAnswerCheck>[0]);
    const call = async <Body>(method: string, path: string, body?: unknown, at = url): Promise<Body> => {
      const response = await fetch(`${at}${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
      check(method, new URL(path, url).pathname, response.status, answer);
      return answer as Body;
    };
    return {
      url,
      sink,
      twilio,
      clock,
      temporal: settings.temporal.address,
      environment,
      dataDir: around.dataDir,
      inboundPort: settings.inboundMail.port,
      health: { worker: worker.health ?? '', dispatcher: dispatcher.health ?? '' },
      em: () => database.orm.em.fork(),
      get: (path) => call('GET', path),
      post: (path, body) => call('POST', path, body),
      postToSecond: (path, body) => call('POST', path, body, second?.url),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const besides = (folder: string | undefined) => (folder === undefined ? {} : { contentFolder: folder });

/** The tests do not use the addresses of another running product. */
function withoutOurs(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PERENNIAL_') || name === 'PERENNIAL_CACHE'));
}
