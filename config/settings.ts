import { z } from 'zod';
import { accountVariables, readAccount } from '../libs/channels/twilio/settings.js';
import { twilioChannels } from '../libs/channels/twilio-address.js';
import { channelKinds, type ChannelSettingsByName } from '../libs/channels/table.js';
import { mailProviders } from '../libs/responses/mail/providers/table.js';
import { checkShape, type WrongPlace } from '../libs/platform/check-shape.js';
import { isLocale, notALocale } from '../libs/platform/locales.js';
import { didYouMean } from '../libs/platform/nearest.js';
import { allOrNone, SettingsError } from '../libs/platform/settings-error.js';

const port = z.coerce.number().int().min(0).max(65535);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** The environment variables of a Perennial process, beside the settings of each channel. Nothing else reads `process.env`. */
const variables = {
  PERENNIAL_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('PostgreSQL 18 or newer'),
  PERENNIAL_DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10).describe('database connections per process'),
  PERENNIAL_REDIS_URL: z.url({ protocol: /^rediss?$/ }).describe('Redis or Valkey'),
  PERENNIAL_TEMPORAL_ADDRESS: z.string().min(1).describe('host:port of the Temporal frontend'),
  PERENNIAL_TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  PERENNIAL_TASK_QUEUE: z.string().min(1).default('perennial'),
  PERENNIAL_DEPLOYMENT: z.string().min(1).default('perennial').describe("the workers' name in Temporal's Worker Versioning"),
  PERENNIAL_BUILD_ID: z.string().min(1).optional().describe('the build of the workflows that a worker runs; by default a hash of them'),

  PERENNIAL_SECRET: z.string().min(32, 'needs at least 32 characters').describe('keys links, reply addresses, sessions and address hashes'),
  PERENNIAL_PUBLIC_URL: z.url({ protocol: /^https?$/ }).describe('the address by which customers and providers reach the api'),
  PERENNIAL_HTTP_HOST: z.string().default('127.0.0.1'),
  PERENNIAL_HTTP_PORT: port.default(3000),
  PERENNIAL_HEALTH_HOST: z.string().default('127.0.0.1').describe('the address of the health endpoints of worker and dispatcher'),
  PERENNIAL_WORKER_HEALTH_PORT: port.optional().describe('of the worker; 0 for any free port; without it there is no such endpoint'),
  PERENNIAL_DISPATCHER_HEALTH_PORT: port
    .optional()
    .describe('of the dispatcher; 0 for any free port; without it there is no such endpoint'),
  PERENNIAL_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),

  PERENNIAL_COMPANY_NAME: z.string().min(1).default('Example Telecom'),
  PERENNIAL_COMPANY_ADDRESS: z
    .string()
    .min(1)
    .default('1 Example Street, 12345 Example Town')
    .describe('the postal address, which the law requires in marketing mail'),

  PERENNIAL_COMPANY_CONTACT: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .optional()
    .describe('how customers get help: a phone number or an address; part of the reply to HELP'),

  PERENNIAL_DEFAULT_LOCALE: z
    .string()
    .refine(isLocale, notALocale)
    .default('en')
    .describe('the fallback locale for customers without texts in their own language'),

  PERENNIAL_REPLY_DOMAIN: z.string().min(1).describe('the domain whose mail reaches the inbound SMTP server'),
  PERENNIAL_INBOUND_SMTP_HOST: z.string().default('127.0.0.1'),
  PERENNIAL_INBOUND_SMTP_PORT: port.default(2525),
  PERENNIAL_INBOUND_SMTP_CERT: z.string().min(1).optional().describe('a PEM file: with its key, the inbound server offers STARTTLS'),
  PERENNIAL_INBOUND_SMTP_KEY: z.string().min(1).optional().describe('the PEM file of its private key'),

  ...accountVariables,
  PERENNIAL_TWILIO_ANSWERS_HELP: flag
    .default(false)
    .describe('true if Twilio itself answers HELP and INFO by text (its default keyword handling)'),

  PERENNIAL_IN_FLIGHT: z.coerce
    .number()
    .int()
    .min(3)
    .max(20)
    .default(20)
    .describe('the most messages that a dispatcher may have marked and not settled: a crash can leave this many unknown'),

  PERENNIAL_CLOCK_ORIGIN: z.iso.datetime().optional().describe('with a speed: the instant at which campaign time and real time were equal'),
  PERENNIAL_CLOCK_SPEED: z.coerce.number().positive().default(1).describe('campaign seconds that pass in one real second'),
  PERENNIAL_LAUNCH_WINDOW: z.coerce.number().int().min(1).default(200).describe('the most journeys that may be starting at once'),
  PERENNIAL_ALLOW_FAST_CLOCK: flag.default(false).describe('a speed other than 1 is refused unless this is true'),
};

const mailVariables = (): z.ZodRawShape =>
  Object.assign({}, ...mailProviders.entries.map(([, provider]) => provider.variables)) as z.ZodRawShape;

/** All settings. An installation may have its own channels and mail providers. */
const environment = () =>
  z.object({
    ...Object.fromEntries(channelKinds.entries.flatMap(([, { settings }]) => Object.entries(settings.variables))),
    ...mailVariables(),
    ...variables,
  });

export const settingNames = (): readonly string[] => Object.keys(environment().shape);

/** The settings of a process, read once at its start and passed on from there. */
export type Settings = ReturnType<typeof readSettings>;

/** Other names that may be in the environment: the stack on a laptop, tests, benches or docker-compose.yml read them. */
const notForProcesses = /^PERENNIAL_(CACHE|CHROMIUM|DATA|DATABASE_PASSWORD|TEST_\w+|BENCH_\w+)$/;

/**
 * Reads and checks the environment.
 * @throws SettingsError with every variable that is missing, wrong or unknown, never with its value
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>) {
  const { data: e, wrong = [] } = checkShape(environment(), withoutBlanks(env));
  const unknown = unknownNames(env);
  if (e === undefined || unknown.length > 0) throw new SettingsError([...wrong.map(explain), ...unknown]);
  if (e.PERENNIAL_CLOCK_SPEED !== 1 && !e.PERENNIAL_ALLOW_FAST_CLOCK) {
    throw new SettingsError([
      'PERENNIAL_CLOCK_SPEED: is not 1, which would send a campaign in a hurry; set PERENNIAL_ALLOW_FAST_CLOCK=true for a demo',
    ]);
  }
  const tls = allOrNone(
    { cert: e.PERENNIAL_INBOUND_SMTP_CERT, key: e.PERENNIAL_INBOUND_SMTP_KEY },
    'PERENNIAL_INBOUND_SMTP_CERT and PERENNIAL_INBOUND_SMTP_KEY',
  );
  const twilio = readAccount(e);
  const channels = readChannels(e);
  const usesTwilio = twilioChannels().some((name) => channels[name].own !== undefined);
  if (twilio !== undefined && !usesTwilio) {
    throw new SettingsError(['PERENNIAL_TWILIO_FROM: is missing, or PERENNIAL_TWILIO_WHATSAPP_FROM: the Twilio account has no sender']);
  }
  return {
    database: { url: e.PERENNIAL_DATABASE_URL, pool: e.PERENNIAL_DATABASE_POOL },
    redis: { url: e.PERENNIAL_REDIS_URL },
    temporal: {
      address: e.PERENNIAL_TEMPORAL_ADDRESS,
      namespace: e.PERENNIAL_TEMPORAL_NAMESPACE,
      taskQueue: e.PERENNIAL_TASK_QUEUE,
      deployment: e.PERENNIAL_DEPLOYMENT,
      buildId: e.PERENNIAL_BUILD_ID,
    },
    secret: e.PERENNIAL_SECRET,
    http: { publicUrl: e.PERENNIAL_PUBLIC_URL.replace(/\/$/, ''), host: e.PERENNIAL_HTTP_HOST, port: e.PERENNIAL_HTTP_PORT },
    workerHealth: healthAt(e.PERENNIAL_HEALTH_HOST, e.PERENNIAL_WORKER_HEALTH_PORT),
    dispatcherHealth: healthAt(e.PERENNIAL_HEALTH_HOST, e.PERENNIAL_DISPATCHER_HEALTH_PORT),
    logLevel: e.PERENNIAL_LOG_LEVEL,
    company: { name: e.PERENNIAL_COMPANY_NAME, address: e.PERENNIAL_COMPANY_ADDRESS, contact: e.PERENNIAL_COMPANY_CONTACT },
    defaultLocale: e.PERENNIAL_DEFAULT_LOCALE,
    channels,
    inboundMail: {
      domain: e.PERENNIAL_REPLY_DOMAIN,
      host: e.PERENNIAL_INBOUND_SMTP_HOST,
      port: e.PERENNIAL_INBOUND_SMTP_PORT,
      tls,
    },
    /** The values of the variables of every mail provider. */
    mailProviders: valuesOf(mailVariables(), e),
    /** Undefined if there is no account: then Twilio is not used. */
    twilio: twilio && { ...twilio, answersHelp: e.PERENNIAL_TWILIO_ANSWERS_HELP },
    inFlight: e.PERENNIAL_IN_FLIGHT,
    clock: { origin: e.PERENNIAL_CLOCK_ORIGIN ?? new Date(0).toISOString(), speed: e.PERENNIAL_CLOCK_SPEED },
    launchWindow: e.PERENNIAL_LAUNCH_WINDOW,
  } as const;
}

function healthAt(host: string, port: number | undefined): { readonly host: string; readonly port: number } | undefined {
  return port === undefined ? undefined : { host, port };
}

/** The values of some variables. */
function valuesOf(shape: z.ZodRawShape, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.keys(shape).map((name) => [name, values[name]]));
}

/** The settings of each channel: it reads its own variables, which have been checked. */
function readChannels(values: object): ChannelSettingsByName {
  const read = channelKinds.entries.map(([name, { settings }]) => [name, settings.read(values as never)] as const);
  return Object.fromEntries(read) as unknown as ChannelSettingsByName;
}

/** A misspelled setting would have no effect. */
function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = settingNames();
  return Object.keys(env)
    .filter((name) => name.startsWith('PERENNIAL_') && !known.includes(name) && !notForProcesses.test(name))
    .map((name) => `${name}: is not a setting${didYouMean(name, known)}`);
}

/** An empty variable counts as missing, because a compose file passes unset variables as empty. */
function withoutBlanks(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''));
}

function explain({ path, what }: WrongPlace): string {
  const name = String(path[0]);
  const description = (environment().shape as Readonly<Record<string, z.ZodType>>)[name]?.description;
  return `${name}: ${description === undefined ? what : `${what} (${description})`}`;
}
