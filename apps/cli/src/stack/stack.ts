import { mail } from './mail.js';
import { publicUrlOf, type Environment, type PartName, type Surroundings } from './part.js';
import { postgresql } from './postgresql.js';
import { redis } from './redis.js';
import { sms } from './sms.js';
import { startParts, type PartSummary } from './start-parts.js';
import { prepare, type StackOptions } from './surroundings.js';
import { temporal } from './temporal.js';

const parts = [postgresql, redis, temporal, mail, sms];

/** All services of the product, running on this machine. */
export interface Stack {
  /** The whole environment for the processes of Perennial: every PERENNIAL_* variable, the caller's own included. */
  readonly env: Readonly<Record<string, string>>;
  readonly addresses: Readonly<Record<PartName, string>>;
  /** The pages of the two doubles: their lists for people, and the base of their JSON endpoints. */
  readonly pages: { readonly mail: string; readonly sms: string };
  /** The present ones: a restarted part has another pid. */
  readonly parts: readonly PartSummary[];
  /** Stops the part if it still runs, and starts it at the same address. Redis comes back empty. */
  restart(part: PartName): Promise<void>;
  /** Ends the part at once, as a crash would. @throws Error for a part that is not a process of this stack */
  kill(part: PartName): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Brings up the embedded stack on loopback: PostgreSQL, Redis or Valkey, Temporal's development server, a mail sink, a double of Twilio.
 * A second start on the same data directory finds its data again.
 * @throws StackProblem with a sentence for each part that could not be started, saying what to do
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { around, release } = await prepare(options);
  const running = await startParts(parts, around).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  for (const { title, source } of running.list()) around.log(`${title.padEnd(16)} from ${source}`);
  const env = Object.fromEntries([settingsOf(around), ...parts.map(({ name }) => running.get(name).env)].flatMap(Object.entries<string>));
  for (const name of unused(around.env, env)) around.log(`${name} is not used: a stack on one machine sends to nobody else`);
  const pageOf = (name: PartName): string => running.get(name).page ?? '';
  return {
    env,
    addresses: Object.fromEntries(parts.map(({ name }) => [name, running.get(name).address])) as Record<PartName, string>,
    pages: { mail: pageOf('mail'), sms: pageOf('sms') },
    get parts() {
      return running.list();
    },
    restart: (part) => running.restart(part),
    kill: (part) => running.kill(part),
    stop: async () => {
      await running.stop();
      await release();
    },
  };
}

/** Settings that no part provides; the caller's own settings override these, and those of the parts override the caller's. */
function settingsOf(around: Surroundings): Record<string, string> {
  const given = Object.entries(around.env).filter(
    (entry): entry is [string, string] => entry[0].startsWith('PERENNIAL_') && Boolean(entry[1]),
  );
  return {
    PERENNIAL_SECRET: around.secrets.secret,
    PERENNIAL_MAIL_FROM: 'retention@perennial.example',
    PERENNIAL_REPLY_DOMAIN: 'replies.perennial.example',
    ...Object.fromEntries(given),
    PERENNIAL_PUBLIC_URL: publicUrlOf(around),
    PERENNIAL_HTTP_HOST: '127.0.0.1',
    PERENNIAL_HTTP_PORT: String(around.ports.http),
    PERENNIAL_INBOUND_SMTP_HOST: '127.0.0.1',
    PERENNIAL_INBOUND_SMTP_PORT: String(around.ports.inboundSmtp),
    PERENNIAL_WORKER_HEALTH_PORT: String(around.ports.workerHealth),
    PERENNIAL_DISPATCHER_HEALTH_PORT: String(around.ports.dispatcherHealth),
  };
}

/** The caller's settings that the stack replaced. */
function unused(given: Environment, used: Readonly<Record<string, string>>): string[] {
  return Object.keys(used).filter((name) => Boolean(given[name]) && given[name] !== '0' && given[name] !== used[name]);
}
