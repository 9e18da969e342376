import type { AddressInfo } from 'node:net';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CampaignCommands } from '../../apps/api/src/campaigns/campaign-commands.js';
import { createApp } from '../../apps/api/src/create-app.js';
import type { ScoreSweeps } from '../../apps/api/src/scores/score-sweeps.js';
import { readSettings } from '../../config/settings.js';
import { changeState } from '../../libs/lifecycle/change-state.js';
import { launchVersion, pinToLatest } from '../../libs/campaigns/versions.js';
import { openHeavyWork } from '../../libs/persistence/heavy-work.js';
import { sweepAll } from '../../libs/scoring/sweep/sweep-all.js';
import { createApiKey } from '../../libs/access/api-keys.js';
import { createLogger } from '../../libs/platform/log.js';
import { createTestDatabase } from './database.js';
import { createAnswerCheck } from './described-answers.js';
import { testNow, testSecret } from './factories.js';
import { publishedContent } from './content.js';
import { openOrm } from '../../libs/schema/orm.js';

export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface RequestOptions {
  readonly body?: unknown;
  /** Another key than the test's own; null for none. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The real api on its own port and database. Only Temporal is missing: commands change only the database, and sweeps run at once. Every answer is compared with the
 * api's own description of it.
 */
export interface TestApi {
  readonly url: string;
  /** For a command that reaches the same data. */
  readonly databaseUrl: string;
  readonly keyId: string;
  readonly key: string;
  /** How often campaigns were woken. */
  readonly wakes: () => number;
  /** Makes the service behind commands available or not. */
  setReady(ready: boolean): void;
  em(): EntityManager;
  /** Sends a string body as it is, anything else as JSON. */
  request<Body = unknown>(method: string, path: string, options?: RequestOptions): Promise<Answer<Body>>;
  close(): Promise<void>;
}

export async function startTestApi(
  options: { readonly consoleDir?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<TestApi> {
  const database = await createTestDatabase();
  const { orm } = database;
  const heavy = await openHeavyWork((pool) => openOrm({ url: database.url, pool }), { atOnce: 2 });
  const settings = readSettings({ ...testEnvironment(database.url), ...options.env });
  const clock = { now: () => testNow, realMs: (ms: number) => ms };
  const content = await publishedContent(() => orm.em.fork());
  const host = {
    settings,
    orm,
    heavy,
    clock,
    log: createLogger('api', 'silent'),
    content,
  };
  let ready = true;
  let wakes = 0;
  const commands: CampaignCommands = {
    command: (id, command) => orm.em.fork().transactional((tx) => changeState(tx, id, command, testNow)),
    launchVersion: (id, version) => orm.em.fork().transactional((tx) => launchVersion(tx, id, version, testNow)),
    repin: (id) => orm.em.fork().transactional((tx) => pinToLatest(tx, id)),
    wake: () => Promise.resolve(void (wakes += 1)),
    ready: () => Promise.resolve(ready),
    close: () => Promise.resolve(),
  };
  const sweeps: ScoreSweeps = {
    start: async (kind) => {
      await sweepAll(orm.em.fork(), { kind, now: testNow });
      return `sweep:${kind}`;
    },
    close: () => Promise.resolve(),
  };
  const app = await createApp({ ...host, commands, sweeps }, options.consoleDir);
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  const check = createAnswerCheck((await (await fetch(`${url}/openapi.json`)).json()) as Parameters<typeof createAnswerCheck>[0]);
  const { id: keyId, key } = await createApiKey(orm.em.fork(), 'test', testNow);

  return {
    url,
    databaseUrl: database.url,
    keyId,
    key,
    wakes: () => wakes,
    setReady: (value) => (ready = value),
    em: () => orm.em.fork(),
    request: async (method: string, path: string, given: RequestOptions = {}) => {
      const bearer = given.key === undefined ? key : given.key;
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
          ...(given.body !== undefined && { 'content-type': 'application/json' }),
          ...given.headers,
        },
        ...(given.body !== undefined && { body: typeof given.body === 'string' ? given.body : JSON.stringify(given.body) }),
      });
      const text = await response.text();
      const isJson = (response.headers.get('content-type') ?? '').includes('json');
      const body: unknown = isJson ? JSON.parse(text) : text;
      if (isJson) check(method, new URL(path, url).pathname, response.status, body);
      return { status: response.status, headers: response.headers, body: body as never };
    },
    close: async () => {
      await app.close();
      await heavy.close();
      await database.close();
    },
  };
}

/** An environment with a database and no other service that answers. */
export function testEnvironment(databaseUrl: string): Record<string, string> {
  return {
    PERENNIAL_DATABASE_URL: databaseUrl,
    PERENNIAL_REDIS_URL: 'redis://127.0.0.1:1',
    PERENNIAL_TEMPORAL_ADDRESS: '127.0.0.1:1',
    PERENNIAL_SECRET: testSecret,
    PERENNIAL_PUBLIC_URL: 'http://perennial.test',
    PERENNIAL_SMTP_URL: 'smtp://127.0.0.1:1',
    PERENNIAL_MAIL_FROM: 'offers@example.test',
    PERENNIAL_REPLY_DOMAIN: 'reply.example.test',
    PERENNIAL_TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    PERENNIAL_TWILIO_AUTH_TOKEN: '0'.repeat(32),
    PERENNIAL_TWILIO_FROM: '+15005550006',
  };
}
