import '../../hosting/node-version.js';
import type { AddressInfo } from 'node:net';
import type { Settings } from '../../../config/settings.js';
import { openHeavyWork } from '../../../libs/persistence/heavy-work.js';
import { migrate, openOrm } from '../../../libs/schema/orm.js';
import { requireDatabase } from '../../../libs/persistence/require-database.js';
import { createFirstApiKey } from '../../../libs/access/api-keys.js';
import { createClock } from '../../../libs/platform/clock.js';
import { forgetOldCalls } from '../../../libs/access/idempotency.js';
import { createLogger, type DestinationStream } from '../../../libs/platform/log.js';
import type { Tokens } from '../../../libs/platform/tokens.js';
import { followFiles, type FollowParts } from '../../hosting/follow-files.js';
import { openContent } from '../../hosting/open-content.js';
import { keepPresence } from '../../hosting/presence.js';
import { runAsMain } from '../../hosting/run-as-main.js';
import { TemporalCampaigns } from './campaigns/temporal-campaigns.js';
import { createApp } from './create-app.js';
import { MailReceiver } from './inbound/mail/inbound-pipeline.js';
import { startInboundMail } from './inbound/mail/inbound-mail.js';
import { TOKENS } from './providers.js';
import { TemporalSweeps } from './scores/temporal-sweeps.js';

export interface StartOptions {
  /** If there is no key, make one and print it; false if the caller makes its own. */
  readonly firstKey?: boolean;
  /** The files to publish if nothing was ever published; by default the project's own. */
  readonly contentFolder?: string;
  /** Where log lines go, instead of standard error. */
  readonly logTo?: DestinationStream | undefined;
  /** A folder whose files are published whenever they change, and who edits them. */
  readonly follow?: Pick<FollowParts, 'folder' | 'author'>;
}

/** Starts the api: brings the schema up to date, then serves HTTP and the SMTP server for incoming mail until it is closed. */
export async function start(
  settings: Settings,
  { firstKey = true, contentFolder, logTo, follow }: StartOptions = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const log = createLogger('api', settings.logLevel, logTo);
  const clock = createClock(settings.clock);
  const orm = await openOrm(settings.database);
  const heavy = await openHeavyWork((pool) => openOrm({ url: settings.database.url, pool }));
  try {
    await requireDatabase(orm, settings.database.url);
    await migrate(orm);
    const em = orm.em.fork();
    await forgetOldCalls(em);
    const company = settings.defaultLocale;
    const content = await openContent(orm, company, clock, contentFolder);
    const before = follow && followFiles({ orm, company, clock, log, ...follow });
    const presence = await keepPresence({ orm, kind: 'api', content, clock, log, ...(before && { before }) });
    const commands = new TemporalCampaigns(settings, orm, clock, content);
    const sweeps = new TemporalSweeps(settings);
    const app = await createApp({ settings, orm, heavy, clock, log, content, commands, sweeps });
    const mail = await startInboundMail({ settings, tokens: app.get<Tokens>(TOKENS), log, receiver: app.get(MailReceiver) });
    await app.listen(settings.http.port, settings.http.host);
    const { port } = app.getHttpServer().address() as AddressInfo;
    const url = `http://${settings.http.host}:${port}`;
    // Only now: a key is shown once, and would be lost if the start failed.
    if (firstKey) announceKey(await createFirstApiKey(em, clock.now()));
    log.info({ url }, 'api is up');

    return {
      url,
      close: async () => {
        await Promise.all([app.close(), mail.close(), presence.close()]);
        await commands.close();
        await sweeps.close();
        await heavy.close();
        await orm.close();
      },
    };
  } catch (error) {
    await heavy.close();
    await orm.close();
    throw error;
  }
}

function announceKey(key: string | undefined): void {
  if (key !== undefined) process.stdout.write(`API key (shown once): ${key}\n`);
}

await runAsMain(import.meta, start);
