import { hostname } from 'node:os';
import type { MikroORM } from '@mikro-orm/postgresql';
import { clearAlert, raiseAlert } from '../../libs/access/alerts.js';
import { announcePresence, endPresence, presentProcesses, type ProcessKind } from '../../libs/access/processes.js';
import { pauseWhatCannotBeRead } from '../../libs/lifecycle/pause-automatically.js';
import type { Clock } from '../../libs/platform/clock.js';
import { newId } from '../../libs/platform/ids.js';
import type { Logger } from '../../libs/platform/log.js';
import { messageOf } from '../../libs/platform/message-of.js';
import type { PublishedContent } from '../../libs/publishing/published-content.js';

/** Real milliseconds between two checks for a newer publication, each with a sign of life. */
const pauseMs = 1_500;

export interface PresenceParts {
  readonly orm: MikroORM;
  readonly kind: ProcessKind;
  readonly content: PublishedContent;
  readonly clock: Clock;
  readonly log: Logger;
  /** What else is done before each check. Its failure does not keep this process from loading publications. */
  readonly before?: () => Promise<void>;
}

/**
 * Records that this process runs and which publication it uses, for as long as it runs, and loads each new publication. One that cannot be
 * used here raises an alert, and the previous one stays in use.
 */
export async function keepPresence({ orm, kind, content, clock, log, before }: PresenceParts): Promise<{ close(): Promise<void> }> {
  const id = newId();
  let loggedError = '';

  async function look(): Promise<void> {
    await before?.().catch((error: unknown) => log.error({ error: messageOf(error) }, 'what is done before each check failed'));
    const usesLatest = await load();
    await announcePresence(orm.em.fork(), { id, kind, host: hostname(), pid: process.pid, publication: content.version });
    if (usesLatest) await clearWhereAllHaveIt();
  }

  /** @returns whether this process uses the latest */
  async function load(): Promise<boolean> {
    try {
      if (await content.loadLatest()) {
        log.info({ publication: content.version }, 'a publication was loaded');
        await pauseUnreadable();
      }
      loggedError = '';
      return true;
    } catch (error) {
      const detail = `The latest publication cannot be used: ${messageOf(error)}. Version ${String(content.version)} stays in use there.`;
      if (detail !== loggedError)
        log.error({ error: messageOf(error) }, 'a publication could not be loaded; the previous one stays in use');
      loggedError = detail;
      await raiseAlert(orm.em.fork(), { kind: 'publication-not-used', subject: kind, detail: `The ${kind}: ${detail}` }, clock.now());
      return false;
    }
  }

  async function clearWhereAllHaveIt(): Promise<void> {
    const em = orm.em.fork();
    const ofKind = (await presentProcesses(em)).filter((each) => each.kind === kind);
    if (ofKind.every(({ publication }) => publication >= content.version)) await clearAlert(em, 'publication-not-used', kind, clock.now());
  }

  async function pauseUnreadable(): Promise<void> {
    // The api runs no campaigns.
    const paused = kind === 'api' ? [] : await pauseWhatCannotBeRead(orm.em.fork(), kind, clock.now());
    if (paused.length > 0) log.error({ campaigns: paused }, 'campaigns were paused: their rules cannot be read here');
  }

  const stopping = new AbortController();
  await pauseUnreadable();
  await look();
  const running = (async () => {
    while (await rested(stopping.signal)) {
      await look().catch((error: unknown) => log.warn({ error: messageOf(error) }, 'the presence of this process could not be written'));
    }
  })();

  return {
    close: async () => {
      stopping.abort();
      await running;
      await endPresence(orm.em.fork(), id).catch(() => undefined);
    },
  };
}

/** False at once if it should stop. */
function rested(signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(false);
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      resolve(!signal.aborted);
    };
    const timer = setTimeout(done, pauseMs);
    signal.addEventListener('abort', done, { once: true });
  });
}
