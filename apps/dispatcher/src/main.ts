import type { Settings } from '../../../config/settings.js';
import { channels, type Channel } from '../../../libs/customers/contact-point.entity.js';
import { createChannels } from '../../../libs/messaging/channels/channels.js';
import { ChannelDispatcher } from '../../../libs/messaging/channel-dispatcher.js';
import { createRateLimiter } from '../../../libs/messaging/rate-limiter.js';
import { loadTemplates } from '../../../libs/messaging/templates.js';
import { openOrm } from '../../../libs/persistence/orm.js';
import { createClock } from '../../../libs/platform/clock.js';
import { createLogger } from '../../../libs/platform/log.js';
import { projectFile } from '../../../libs/platform/project-file.js';
import { createTokens } from '../../../libs/platform/tokens.js';
import { runAsMain } from '../../run-as-main.js';
import { listenForHints, Sweeper } from './dispatcher.js';

/** Sends what is planned until it is closed; closing lets the batches in hand finish and claims no more. */
export async function start(settings: Settings): Promise<{ close(): Promise<void> }> {
  const log = createLogger('dispatcher', settings.logLevel);
  const clock = createClock(settings.clock);
  const tokens = createTokens(settings.secret);
  const { publicUrl } = settings.http;
  const via = createChannels({
    publicUrl,
    companyName: settings.company.name,
    replyDomain: settings.inboundMail.domain,
    email: settings.email,
    twilio: settings.twilio,
    templates: loadTemplates(projectFile('config', 'templates')),
    tokens,
    clock,
  });
  const rates: Readonly<Record<Channel, number>> = { email: settings.email.ratePerSecond, sms: settings.twilio.ratePerSecond };
  const sender = { publicUrl, company: settings.company, tokens };
  const orm = await openOrm(settings.database);

  const lines = channels.flatMap((channel) => {
    const messageChannel = via.get(channel);
    if (messageChannel === undefined) return [];
    const rate = createRateLimiter(rates[channel]);
    const dispatcher = new ChannelDispatcher({ channel, via: messageChannel, orm, clock, sender, rate, log });
    return [{ messageChannel, dispatcher, hints: listenForHints(channel, dispatcher, settings.redis.url, log) }];
  });
  const sweeper = new Sweeper(
    orm,
    lines.map(({ dispatcher }) => dispatcher),
    clock,
    log,
  );
  sweeper.start();
  log.info({ channels }, 'dispatcher is up');

  return {
    close: async () => {
      await sweeper.close();
      await Promise.all(lines.map(({ dispatcher }) => dispatcher.close()));
      await Promise.all(lines.flatMap(({ hints, messageChannel }) => [hints.close(), messageChannel.close()]));
      await orm.close();
    },
  };
}

await runAsMain(import.meta, start);
