import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MikroORM } from '@mikro-orm/postgresql';
import { readSettings } from '../../../../config/settings.js';
import { migrate, openOrm } from '../../../../libs/schema/orm.js';
import { createApiKey } from '../../../../libs/access/api-keys.js';
import { createClock } from '../../../../libs/platform/clock.js';
import { announce, withdraw } from '../running.js';
import { startStack, type Stack } from '../stack/stack.js';
import { Api } from './api.js';
import { launchCampaign } from './launch.js';
import { populate } from './populate.js';
import { DemoProcesses } from './processes.js';
import { prepare } from './prepare.js';
import { summarise, type DemoSummary } from './summary.js';
import { journeyCostsOf } from './temporal.js';
import { watch } from './watch.js';

export interface DemoOptions {
  /** Emptied first, so that every demo begins in the same state. */
  readonly dataDir: string;
  /** Where the addresses are stored for other commands. */
  readonly announceIn: string;
  readonly customers?: number;
  readonly daySeconds: number;
  readonly seed: string;
  /** The compiled apps, if this program is not among them. */
  readonly apps?: string;
  /** What a test does to the product while the campaign runs. */
  readonly disturb?: (product: Disturbable) => Promise<void>;
}

/** A running demo, for tests that disturb it. */
export interface Disturbable {
  readonly stack: Stack;
  readonly processes: DemoProcesses;
  readonly orm: MikroORM;
}

export interface Demo {
  readonly summary: DemoSummary;
  /** The console's address, signed in. */
  readonly console: string;
  stop(): Promise<void>;
}

const secondsADay = 86_400;
const ownApps = fileURLToPath(new URL('../../../', import.meta.url));

/** Runs the whole product on this machine over a made-up population, and ends when every enrolment has its outcome. */
export async function runDemo(options: DemoOptions): Promise<Demo> {
  const began = performance.now();
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  const interrupted = (): void => void stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupted);
  try {
    const stack = await startStack({ dataDir: options.dataDir, temporalUi: true, durable: false, fresh: true, log: say });
    closers.push(() => stack.stop());
    const orm = await openOrm({ url: stack.env['PERENNIAL_DATABASE_URL'] ?? '', pool: 5 });
    closers.push(() => orm.close());
    await migrate(orm);
    const setUp = since(began);

    const scored = await prepare(orm, readSettings(stack.env), options);

    const env = {
      ...stack.env,
      PERENNIAL_CLOCK_ORIGIN: new Date().toISOString(),
      PERENNIAL_CLOCK_SPEED: String(secondsADay / options.daySeconds),
      PERENNIAL_ALLOW_FAST_CLOCK: 'true',
      PERENNIAL_LOG_LEVEL: process.env['PERENNIAL_LOG_LEVEL'] ?? 'warn',
    };
    const settings = readSettings(env);
    const clock = createClock(settings.clock);
    const campaignBegan = performance.now();
    const processes = new DemoProcesses(options.apps ?? ownApps, env, join(options.dataDir, 'logs'));
    processes.start();
    closers.push(() => processes.stop());
    await announce(options.announceIn, env);
    closers.push(() => withdraw(options.announceIn));

    const { key } = await createApiKey(orm.em.fork(), 'demo', clock.now());
    const api = new Api(settings.http.publicUrl, key);
    await api.ready();
    const console = `${settings.http.publicUrl}/#key=${key}`;
    say(`\nConsole          ${console}`);
    for (const { title, page } of stack.parts) if (page !== undefined) say(`${title.padEnd(16)} ${page}`);
    say(`Logs             ${join(options.dataDir, 'logs')}\n`);

    const people = await populate(orm, settings, stack.pages, api, options.seed);
    closers.push(() => people.close());
    const campaignId = await launchCampaign(api);
    people.population.start();
    await Promise.all([watch(orm, campaignId, clock, people.population), options.disturb?.({ stack, processes, orm })]);
    await people.population.stop();
    await api.post(`/v1/campaigns/${campaignId}/complete`);

    const summary = await summarise(orm.em.fork(), campaignId, clock.now(), {
      score: scored.metrics,
      madeScores: scored.madeScores,
      seen: await people.seen(),
      temporal: await journeyCostsOf(settings),
      restarts: processes.restarts,
      seconds: { setUp, score: scored.seconds, campaign: since(campaignBegan) },
    });
    return { summary, console, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    process.off('SIGINT', interrupted);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const since = (began: number): number => (performance.now() - began) / 1000;
