import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { CampaignCommands } from '../../apps/api/src/campaigns/campaign-commands.js';
import type { Outside } from '../../libs/responses/mail/providers/inbound-adapter.js';
import { OUTSIDE } from '../../apps/api/src/inbound/mail/inbound-hooks.controller.js';
import { InboundModule } from '../../apps/api/src/inbound/inbound.module.js';
import { fetchText } from '../../apps/api/src/inbound/mail/inbound-fetch.js';
import type { InboundParts } from '../../apps/api/src/inbound/mail/inbound-mail.js';
import { MailReceiver } from '../../apps/api/src/inbound/mail/inbound-pipeline.js';
import { SentTexts } from '../../apps/api/src/inbound/mail/sent-text.js';
import { type Host, HostModule } from '../../apps/api/src/host.module.js';
import { HttpModule } from '../../apps/api/src/http/http.module.js';
import { TOKENS } from '../../apps/api/src/providers.js';
import { readSettings, type Settings } from '../../config/settings.js';
import type { Clock } from '../../libs/platform/clock.js';
import { createLogger, type Logger } from '../../libs/platform/log.js';
import type { Tokens } from '../../libs/platform/tokens.js';
import { createTestDatabase } from './database.js';
import type { Documents } from '../../libs/content/documents.js';
import type { PublishedContent } from '../../libs/publishing/published-content.js';
import { publishedContent } from './content.js';
import { testNow, testSecret } from './factories.js';
import { noSweeps } from './no-sweeps.js';

export const accountSid = `AC${'a1'.repeat(16)}`;
export const authToken = 'the auth token of the tests';
/** Deliberately not the address where the endpoints listen: signatures are made over this address. */
export const publicUrl = 'https://perennial.example.test';
export const replyDomain = 'replies.example.test';

/** Only the inbound endpoints, with their own database, at an instant that a test may change. */
export interface TestInbound {
  readonly url: string;
  readonly context: {
    readonly settings: Settings;
    readonly orm: MikroORM;
    readonly clock: Clock;
    readonly log: Logger;
    readonly tokens: Tokens;
    readonly content: PublishedContent;
  };
  /** For startInboundMail. */
  readonly mailParts: InboundParts;
  readonly sentTexts: SentTexts;
  em(): EntityManager;
  setNow(now: Date): void;
  close(): Promise<void>;
}

/** The inbound endpoints on their host, with a replaced outside world for a provider's webhook if a test gives one. */
@Module({ imports: [HttpModule, InboundModule] })
class TestInboundModule {
  static of(host: Host, outside: Outside = { now: Date.now, fetchText }): DynamicModule {
    const providers = [{ provide: OUTSIDE, useValue: outside }];
    return { module: TestInboundModule, global: true, imports: [HostModule.of(host)], providers, exports: providers };
  }
}

const noCommands: CampaignCommands = {
  command: () => Promise.reject(new Error('no inbound endpoint commands')),
  launchVersion: () => Promise.reject(new Error('no inbound endpoint commands')),
  repin: () => Promise.reject(new Error('no inbound endpoint commands')),
  wake: () => Promise.reject(new Error('no inbound endpoint commands')),
  ready: () => Promise.resolve(false),
  close: () => Promise.resolve(),
};

/** @param more additional settings, the content to publish instead of the project's, and the outside world for webhooks */
export async function startTestInbound(
  more: { readonly env?: Readonly<Record<string, string>>; readonly outside?: Outside; readonly documents?: Documents } = {},
): Promise<TestInbound> {
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
  const clock = { now: () => now, realMs: (ms: number) => ms };
  const log = createLogger('inbound', 'silent');
  const content = await publishedContent(() => database.orm.em.fork(), more.documents);
  const host: Host = {
    settings,
    orm: database.orm,
    heavy: { run: () => Promise.reject(new Error('no inbound endpoint does heavy work')), close: () => Promise.resolve() },
    clock,
    log,
    content,
    commands: noCommands,
    sweeps: noSweeps,
  };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and is made to be given a literal
  const app = await NestFactory.create(TestInboundModule.of(host, more.outside), { logger: false, bodyParser: false, abortOnError: false });
  const tokens = app.get<Tokens>(TOKENS);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    context: { settings, orm: database.orm, clock, log, tokens, content },
    mailParts: { settings, tokens, log, receiver: app.get(MailReceiver) },
    sentTexts: app.get(SentTexts),
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
