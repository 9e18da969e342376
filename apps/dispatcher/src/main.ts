import '../../hosting/node-version.js';
import type { Settings } from '../../../config/settings.js';
import { optOutAtProvider } from '../../../libs/consent/opt-out.js';
import { channels } from '../../../libs/channels/table.js';
import { guardCampaigns } from '../../../libs/lifecycle/campaign-health.js';
import { openChannels } from '../../../libs/channels/set-up.js';
import { ChannelDispatcher } from '../../../libs/messaging/dispatch/channel-dispatcher.js';
import { Committer } from '../../../libs/messaging/dispatch/committer.js';
import { countAnswerRates } from '../../../libs/messaging/habits/habits.js';
import { sweep } from '../../../libs/messaging/ledger/ledger.js';
import type { AtBoundary } from '../../../libs/messaging/ledger/ledger-boundary.js';
import type { CompanyContext } from '../../../libs/messaging/contract/load-contexts.js';
import { createProviderGate } from '../../../libs/messaging/providers/provider-gate.js';
import { planDueRequests } from '../../../libs/messaging/planning/message-requests.js';
import { policyInForce } from '../../../libs/publishing/policy.js';
import { reconcile } from '../../../libs/messaging/ledger/reconcile.js';
import type { SendingLimits } from '../../../libs/messaging/providers/sending-limits.js';
import { pauseForTemplate } from '../../../libs/lifecycle/template-failure.js';
import { openOrm } from '../../../libs/schema/orm.js';
import { createClock } from '../../../libs/platform/clock.js';
import { createLogger, type DestinationStream } from '../../../libs/platform/log.js';
import { createTokens } from '../../../libs/platform/tokens.js';
import { expireOffers } from '../../../libs/offers/settle-offer.js';
import { openHealthAddress } from '../../hosting/health-address.js';
import { Pulse } from '../../hosting/health.js';
import { openContent } from '../../hosting/open-content.js';
import { keepPresence } from '../../hosting/presence.js';
import { runAsMain } from '../../hosting/run-as-main.js';
import { dispatcherHealth } from './dispatcher-health.js';
import { listenForHints } from './listen-for-hints.js';
import { Sweeper } from './sweeper.js';

/** Real milliseconds: longer than a provider may take (see `sendTimeoutMs`) plus the time that PostgreSQL may then be unavailable. */
const leaseRealMs = 60_000;
/** If a provider needs one request for each message, more than this many at once gain nothing. */
const requestsAtOnce = 20;

/** For tests that inspect or end a dispatcher at a certain point. */
export interface Hooks {
  readonly atBoundary?: AtBoundary;
  /** How long claims and marks last, in real milliseconds. */
  readonly leaseRealMs?: number;
  /** What is published if nothing ever was; the project's own unless said otherwise. */
  readonly contentFolder?: string;
  /** Where log lines go, instead of standard error. */
  readonly logTo?: DestinationStream | undefined;
}

/** Sends planned messages until it is closed; closing finishes messages in progress and releases those that were only claimed. */
export async function start(
  settings: Settings,
  { contentFolder, logTo, ...hooks }: Hooks = {},
): Promise<{ close(): Promise<void>; health: string | undefined }> {
  const log = createLogger('dispatcher', settings.logLevel, logTo);
  const health = settings.dispatcherHealth && (await openHealthAddress(settings.dispatcherHealth));
  const clock = createClock(settings.clock);
  const tokens = createTokens(settings.secret);
  const { publicUrl } = settings.http;
  const via = await openChannels(settings, {
    publicUrl,
    companyName: settings.company.name,
    replyDomain: settings.inboundMail.domain,
    tokens,
    clock,
  });
  const orm = await openOrm(settings.database);
  const content = await openContent(orm, settings.defaultLocale, clock, contentFolder);
  const companyContext: CompanyContext = {
    publicUrl,
    company: settings.company,
    tokens,
    templatesAt: (publication) => content.templatesAt(publication),
  };
  const limits = (): SendingLimits => content.latest.sendingLimits;
  const gate = createProviderGate((channel) => settings.channels[channel].ratePerSecond, limits, clock);
  const used = channels.filter((channel) => via.has(channel));
  const policy = policyInForce(content, used);
  const presence = await keepPresence({ orm, kind: 'dispatcher', content, clock, log });
  const common = { orm, clock, log, leaseRealMs, ...hooks };

  const committer = new Committer({
    ...common,
    channels: used,
    inFlight: settings.inFlight,
    optedOut: optOutAtProvider,
    onSettled: (channel, results) => gate.report(orm.em.fork(), channel, results),
  });
  const lines = [...via].map(([channel, messageChannel]) => {
    const dispatcher = new ChannelDispatcher({
      ...common,
      channel,
      via: messageChannel,
      connections: settings.channels[channel].connections ?? requestsAtOnce,
      companyContext,
      gate,
      committer,
      onTemplateError: (messageId, why) => pauseForTemplate(orm.em.fork(), messageId, channel, why, clock.now()),
    });
    return { messageChannel, dispatcher, hints: listenForHints(channel, () => dispatcher.wake(), settings.redis.url, log) };
  });
  const wakeAll = (): Promise<undefined> => {
    for (const { dispatcher } of lines) dispatcher.wake();
    return Promise.resolve(undefined);
  };
  const pulse = new Pulse();
  const sweeper = new Sweeper(
    orm,
    [
      // How late a message may start when its hint was lost.
      { name: 'the dispatchers were woken', everyMs: 1_000, run: wakeAll },
      { name: 'the ledger was swept', everyMs: 1_000, run: (em) => sweep(em, clock.now()), pulse },
      { name: 'messages were planned', everyMs: 1_000, run: (em) => planDueRequests(em, policy(), clock.now()) },
      { name: 'offers expired', everyMs: 1_000, run: (em) => expireOffers(em, clock.now()) },
      {
        name: 'what was unknown was looked up',
        everyMs: 2_000,
        run: (em) => reconcile(em, via, companyContext, clock, log, optOutAtProvider),
      },
      {
        name: 'campaigns were paused',
        everyMs: 5_000,
        run: async (em) => ({ paused: (await guardCampaigns(em, limits(), clock.now())).length }),
      },
      { name: 'answers were counted', everyMs: 3_600_000, run: (em) => countAnswerRates(em, clock.now()).then(() => undefined) },
    ],
    log,
  );
  health?.report(() => dispatcherHealth(orm, used, pulse, log));
  log.info({ channels: used, health: health?.url }, 'dispatcher is up');

  return {
    health: health?.url,
    close: async () => {
      await health?.close();
      await presence.close();
      await sweeper.close();
      await Promise.all(lines.map(({ dispatcher }) => dispatcher.close()));
      await committer.close();
      await Promise.all(lines.flatMap(({ hints, messageChannel }) => [hints.close(), messageChannel.close()]));
      await orm.close();
    },
  };
}

await runAsMain(import.meta, start);
