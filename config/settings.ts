import { z } from 'zod';
import { isLocale, notALocale } from '../libs/platform/locales.js';
import { didYouMean } from '../libs/platform/nearest.js';

const port = z.coerce.number().int().min(0).max(65535);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** Every setting that a process of Perennial reads from its environment. Nothing else reads `process.env`. */
const environment = z.object({
  PERENNIAL_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('PostgreSQL 18 or newer'),
  PERENNIAL_DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10).describe('connections a process'),
  PERENNIAL_REDIS_URL: z.url({ protocol: /^rediss?$/ }).describe('Redis or Valkey'),
  PERENNIAL_TEMPORAL_ADDRESS: z.string().min(1).describe('host:port of the Temporal frontend'),
  PERENNIAL_TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  PERENNIAL_TASK_QUEUE: z.string().min(1).default('perennial'),
  PERENNIAL_DEPLOYMENT: z.string().min(1).default('perennial').describe("the workers' name in Temporal's Worker Versioning"),
  PERENNIAL_BUILD_ID: z.string().min(1).optional().describe('which build of the workflows a worker runs; by default a hash of them'),

  PERENNIAL_SECRET: z.string().min(32, 'needs at least 32 characters').describe('keys links, reply addresses, sessions and address hashes'),
  PERENNIAL_PUBLIC_URL: z.url({ protocol: /^https?$/ }).describe('the address by which customers and providers reach the api'),
  PERENNIAL_HTTP_HOST: z.string().default('127.0.0.1'),
  PERENNIAL_HTTP_PORT: port.default(3000),
  PERENNIAL_HEALTH_HOST: z.string().default('127.0.0.1').describe('the address of the health endpoints of worker and dispatcher'),
  PERENNIAL_WORKER_HEALTH_PORT: port.optional().describe('of the worker; 0 for any that is free, without it there is none'),
  PERENNIAL_DISPATCHER_HEALTH_PORT: port.optional().describe('of the dispatcher; 0 for any that is free, without it there is none'),
  PERENNIAL_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),

  PERENNIAL_COMPANY_NAME: z.string().min(1).default('Example Telecom'),
  PERENNIAL_COMPANY_ADDRESS: z
    .string()
    .min(1)
    .default('1 Example Street, 12345 Example Town')
    .describe('the postal address that the law asks for in marketing mail'),

  PERENNIAL_COMPANY_CONTACT: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .optional()
    .describe('where a customer finds help: a phone number or an address; part of the answer to HELP'),

  PERENNIAL_DEFAULT_LOCALE: z
    .string()
    .refine(isLocale, notALocale)
    .default('en')
    .describe('whose texts a customer gets where there are none in their own language'),

  PERENNIAL_SMTP_URL: z.url({ protocol: /^smtps?$/ }).describe('where e-mail is handed over'),
  PERENNIAL_MAIL_FROM: z.email().describe('the sender of every e-mail'),
  PERENNIAL_DKIM_DOMAIN: z.hostname().optional().describe('the domain that signs e-mails'),
  PERENNIAL_DKIM_SELECTOR: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'is a name in the DNS')
    .optional()
    .describe('names its public key in the DNS: <selector>._domainkey.<domain>'),
  PERENNIAL_DKIM_PRIVATE_KEY: z
    .string()
    .optional()
    .describe('the private key, RSA or Ed25519: a PEM, or the path of a file that holds one'),
  PERENNIAL_REPLY_DOMAIN: z.string().min(1).describe('the domain whose mail reaches the inbound SMTP server'),
  PERENNIAL_INBOUND_SMTP_HOST: z.string().default('127.0.0.1'),
  PERENNIAL_INBOUND_SMTP_PORT: port.default(2525),
  PERENNIAL_SMTP_CONNECTIONS: z.coerce.number().int().min(1).max(200).default(20).describe('connections to the mail server, at most'),
  PERENNIAL_INBOUND_SMTP_CERT: z.string().min(1).optional().describe('a PEM file: with its key, the inbound server offers STARTTLS'),
  PERENNIAL_INBOUND_SMTP_KEY: z.string().min(1).optional().describe('the PEM file of its private key'),
  PERENNIAL_SENDGRID_INBOUND_KEY: z.string().min(1).optional().describe("the public key of the Inbound Parse webhook's security policy"),
  PERENNIAL_SENDGRID_EVENTS_KEY: z.string().min(1).optional().describe('the public key of the signed Event Webhook'),
  PERENNIAL_SES_TOPIC_ARN: z
    .string()
    .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'is the ARN of an SNS topic')
    .optional()
    .describe('the SNS topic by which SES hands over mail and notifications'),
  PERENNIAL_MAILGUN_SIGNING_KEY: z.string().min(1).optional().describe("Mailgun's HTTP webhook signing key"),
  PERENNIAL_EMAIL_RATE: z.coerce.number().positive().default(500).describe('e-mails a second, at most'),

  PERENNIAL_TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, 'starts with AC and 32 hexadecimal digits')
    .optional()
    .describe('the Twilio account; without it there is neither SMS nor WhatsApp'),
  PERENNIAL_TWILIO_AUTH_TOKEN: z.string().min(16).optional().describe('the auth token of that account'),
  PERENNIAL_TWILIO_FROM: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'is a phone number in E.164 form')
    .optional()
    .describe('the sender of texts; without it the channel SMS is off'),
  PERENNIAL_TWILIO_BASE_URL: z.url().optional().describe("another address than Twilio's own: a double, a proxy"),
  PERENNIAL_TWILIO_ANSWERS_HELP: flag
    .default(false)
    .describe('true where Twilio itself answers HELP and INFO by text (its default keyword handling)'),
  PERENNIAL_SMS_RATE: z.coerce.number().positive().default(100).describe('texts a second, at most'),
  PERENNIAL_SMS_PRICE: z.coerce.number().int().min(0).default(8_000).describe('what a segment costs, in thousandths of a minor unit'),
  PERENNIAL_TWILIO_WHATSAPP_FROM: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'is a phone number in E.164 form')
    .optional()
    .describe('the WhatsApp sender; without it the channel is off'),
  PERENNIAL_WHATSAPP_RATE: z.coerce.number().positive().default(80).describe('WhatsApp messages a second, at most'),

  PERENNIAL_IN_FLIGHT: z.coerce
    .number()
    .int()
    .min(3)
    .max(20)
    .default(20)
    .describe('messages that a dispatcher may have marked and not settled: what a crash can leave unknown'),

  PERENNIAL_CLOCK_ORIGIN: z.iso.datetime().optional().describe('with a speed: the instant at which campaign time and real time were equal'),
  PERENNIAL_CLOCK_SPEED: z.coerce.number().positive().default(1).describe('campaign seconds that pass in one real second'),
  PERENNIAL_LAUNCH_WINDOW: z.coerce.number().int().min(1).default(200).describe('journeys that may be starting at once'),
  PERENNIAL_ALLOW_FAST_CLOCK: flag.default(false).describe('a speed other than 1 is refused unless this is true'),
});

export const settingNames: readonly string[] = Object.keys(environment.shape);

/** The settings of a process, read once at its start and passed on from there. */
export type Settings = ReturnType<typeof readSettings>;

/** All that is wrong with the environment, as one list that can be printed as it is. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The settings are not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/** What else may stand in the environment: it is read by the stack on a laptop, by tests and benches, or by docker-compose.yml. */
const notForProcesses = /^PERENNIAL_(CACHE|CHROMIUM|DATA|DATABASE_PASSWORD|TEST_\w+|BENCH_\w+)$/;

/**
 * Reads and checks the environment.
 * @throws SettingsError naming every variable that is missing, wrong or unknown, never its value
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>) {
  const parsed = environment.safeParse(withoutBlanks(env));
  const wrong = (parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${explain(issue, env)}`);
  if (!parsed.success || unknownNames(env).length > 0) throw new SettingsError([...wrong, ...unknownNames(env)]);
  const e = parsed.data;
  if (e.PERENNIAL_CLOCK_SPEED !== 1 && !e.PERENNIAL_ALLOW_FAST_CLOCK) {
    throw new SettingsError([
      'PERENNIAL_CLOCK_SPEED: is not 1, which would send a campaign in a hurry; set PERENNIAL_ALLOW_FAST_CLOCK=true for a demo',
    ]);
  }
  const dkim = allOrNone(
    { domain: e.PERENNIAL_DKIM_DOMAIN, selector: e.PERENNIAL_DKIM_SELECTOR, privateKey: e.PERENNIAL_DKIM_PRIVATE_KEY },
    'PERENNIAL_DKIM_DOMAIN, PERENNIAL_DKIM_SELECTOR and PERENNIAL_DKIM_PRIVATE_KEY',
  );
  const tls = allOrNone(
    { cert: e.PERENNIAL_INBOUND_SMTP_CERT, key: e.PERENNIAL_INBOUND_SMTP_KEY },
    'PERENNIAL_INBOUND_SMTP_CERT and PERENNIAL_INBOUND_SMTP_KEY',
  );
  const twilio = allOrNone(
    { accountSid: e.PERENNIAL_TWILIO_ACCOUNT_SID, authToken: e.PERENNIAL_TWILIO_AUTH_TOKEN },
    'PERENNIAL_TWILIO_ACCOUNT_SID and PERENNIAL_TWILIO_AUTH_TOKEN',
  );
  if (twilio === undefined && (e.PERENNIAL_TWILIO_FROM ?? e.PERENNIAL_TWILIO_WHATSAPP_FROM) !== undefined) {
    throw new SettingsError(['PERENNIAL_TWILIO_ACCOUNT_SID: is missing, though a sender of texts or WhatsApp messages is named']);
  }
  if (twilio !== undefined && (e.PERENNIAL_TWILIO_FROM ?? e.PERENNIAL_TWILIO_WHATSAPP_FROM) === undefined) {
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
    email: {
      url: e.PERENNIAL_SMTP_URL,
      from: e.PERENNIAL_MAIL_FROM,
      connections: e.PERENNIAL_SMTP_CONNECTIONS,
      ratePerSecond: e.PERENNIAL_EMAIL_RATE,
      dkim,
    },
    inboundMail: {
      domain: e.PERENNIAL_REPLY_DOMAIN,
      host: e.PERENNIAL_INBOUND_SMTP_HOST,
      port: e.PERENNIAL_INBOUND_SMTP_PORT,
      tls,
      sendgridKey: e.PERENNIAL_SENDGRID_INBOUND_KEY,
      sendgridEventsKey: e.PERENNIAL_SENDGRID_EVENTS_KEY,
      sesTopic: e.PERENNIAL_SES_TOPIC_ARN,
      mailgunKey: e.PERENNIAL_MAILGUN_SIGNING_KEY,
    },
    /** Undefined where there is no account: then nothing comes in or goes out by Twilio. */
    twilio: twilio && { ...twilio, baseUrl: e.PERENNIAL_TWILIO_BASE_URL, answersHelp: e.PERENNIAL_TWILIO_ANSWERS_HELP },
    sms: { from: e.PERENNIAL_TWILIO_FROM, segmentPrice: e.PERENNIAL_SMS_PRICE, ratePerSecond: e.PERENNIAL_SMS_RATE },
    whatsapp: { from: e.PERENNIAL_TWILIO_WHATSAPP_FROM, ratePerSecond: e.PERENNIAL_WHATSAPP_RATE },
    inFlight: e.PERENNIAL_IN_FLIGHT,
    clock: { origin: e.PERENNIAL_CLOCK_ORIGIN ?? new Date(0).toISOString(), speed: e.PERENNIAL_CLOCK_SPEED },
    launchWindow: e.PERENNIAL_LAUNCH_WINDOW,
  } as const;
}

function healthAt(host: string, port: number | undefined): { readonly host: string; readonly port: number } | undefined {
  return port === undefined ? undefined : { host, port };
}

/** Settings that make sense only together. @param names as configured to a person */
function allOrNone<Name extends string>(
  values: Readonly<Record<Name, string | undefined>>,
  names: string,
): Record<Name, string> | undefined {
  const set = Object.values(values).filter((value) => value !== undefined).length;
  if (set === 0) return undefined;
  if (set < Object.keys(values).length) throw new SettingsError([`${names}: all of them, or none`]);
  return values as Record<Name, string>;
}

/** A misspelled setting would be as if it were not set. */
function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('PERENNIAL_') && !settingNames.includes(name) && !notForProcesses.test(name))
    .map((name) => `${name}: is not a setting${didYouMean(name, settingNames)}`);
}

/** An empty variable is a missing one: that is how a compose file passes what was not set. */
function withoutBlanks(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''));
}

function explain(issue: z.core.$ZodIssue, env: Readonly<Record<string, string | undefined>>): string {
  const name = String(issue.path[0]);
  const description = environment.shape[name as keyof typeof environment.shape].description;
  const missing = env[name] === undefined || env[name] === '';
  const what = missing ? 'is missing' : issue.message;
  return description === undefined ? what : `${what} (${description})`;
}
