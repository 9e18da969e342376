import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { API_CONTEXT, type ApiContext } from '../../apps/api/src/context.js';
import type { Outside } from '../../apps/api/src/doors/mail/inbound-adapter.js';
import { OUTSIDE } from '../../apps/api/src/doors/mail/inbound-hooks.controller.js';
import { DoorsModule } from '../../apps/api/src/doors/doors.module.js';
import { ProblemFilter } from '../../apps/api/src/http/problem.filter.js';
import { readSettings } from '../../config/settings.js';
import { createLogger } from '../../libs/platform/log.js';
import { createTokens } from '../../libs/platform/tokens.js';
import type { Documents } from '../../libs/content/documents.js';
import { publishedContent } from './content.js';
import { createTestDatabase } from './database.js';
import { testNow, testSecret } from './factories.js';

export const accountSid = `AC${'a1'.repeat(16)}`;
export const authToken = 'the auth token of the tests';
/** Deliberately not where the doors listen: signatures are made over this address. */
export const publicUrl = 'https://perennial.example.test';
export const replyDomain = 'replies.example.test';

/** The doors alone, over a database of their own, at an instant that a test may move. */
export interface TestDoors {
  readonly url: string;
  readonly context: ApiContext;
  em(): EntityManager;
  setNow(now: Date): void;
  close(): Promise<void>;
}

@Module({})
class HostModule {
  static of(context: ApiContext, outside?: Outside): DynamicModule {
    const world = outside === undefined ? [] : [{ provide: OUTSIDE, useValue: outside }];
    const providers = [{ provide: API_CONTEXT, useValue: context }, ...world];
    return { module: HostModule, global: true, imports: [DoorsModule], providers, exports: providers };
  }
}

/**
 * @param templateFiles another folder of templates than the product's
 * @param more settings beyond those of every test, and what providers' doors see of the world
 */
export async function startTestDoors(
  more: { readonly env?: Readonly<Record<string, string>>; readonly outside?: Outside; readonly documents?: Documents } = {},
): Promise<TestDoors> {
  const database = await createTestDatabase(12);
  let now = testNow;
  const settings = readSettings({
    PERENNIAL_DATABASE_URL: database.url,
    PERENNIAL_REDIS_URL: 'redis://127.0.0.1:1',
    PERENNIAL_TEMPORAL_ADDRESS: '127.0.0.1:1',
    PERENNIAL_SECRET: testSecret,
    PERENNIAL_PUBLIC_URL: publicUrl,
    PERENNIAL_SMTP_URL: 'smtp://127.0.0.1:1',
    PERENNIAL_MAIL_FROM: 'offers@example.test',
    PERENNIAL_REPLY_DOMAIN: replyDomain,
    PERENNIAL_INBOUND_SMTP_PORT: '0',
    PERENNIAL_TWILIO_ACCOUNT_SID: accountSid,
    PERENNIAL_TWILIO_AUTH_TOKEN: authToken,
    PERENNIAL_TWILIO_FROM: '+15005550006',
    ...more.env,
  });
  const context: ApiContext = {
    settings,
    orm: database.orm,
    heavy: { run: () => Promise.reject(new Error('no door does heavy work')), close: () => Promise.resolve() },
    clock: { now: () => now, realMs: (ms) => ms },
    tokens: createTokens(settings.secret),
    log: createLogger('doors', 'silent'),
    content: await publishedContent(() => database.orm.em.fork(), more.documents),
  };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and is made to be given a literal
  const app = await NestFactory.create(HostModule.of(context, more.outside), { logger: false, bodyParser: false, abortOnError: false });
  app.useGlobalFilters(new ProblemFilter(context.log));
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    context,
    em: () => database.orm.em.fork(),
    setNow: (instant) => {
      now = instant;
    },
    close: async () => {
      await app.close();
      await database.close();
    },
  };
}
