import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { channelsSetUp } from '../libs/channels/set-up.js';
import { channelKinds } from '../libs/channels/table.js';
import { mailProviders } from '../libs/responses/mail/providers/table.js';
import { projectFile } from '../libs/platform/project-file.js';
import { testEnvironment } from '../test/harness/api.js';
import { SettingsError } from '../libs/platform/settings-error.js';
import { readSettings, settingNames } from './settings.js';

const account = { PERENNIAL_TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, PERENNIAL_TWILIO_AUTH_TOKEN: '0'.repeat(32) };
const number = '+15005550006';
const mailOnly = Object.fromEntries(
  Object.entries(testEnvironment('postgres://127.0.0.1/none')).filter(([name]) => !name.startsWith('PERENNIAL_TWILIO_')),
);

const problemsOf = (env: Readonly<Record<string, string>>): readonly string[] => {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
};

describe('the channels that the settings turn on', () => {
  it.each([
    ['e-mail alone, without Twilio', {}, ['email']],
    ['texts', { ...account, PERENNIAL_TWILIO_FROM: number }, ['email', 'sms']],
    ['WhatsApp without texts', { ...account, PERENNIAL_TWILIO_WHATSAPP_FROM: number }, ['email', 'whatsapp']],
    ['both', { ...account, PERENNIAL_TWILIO_FROM: number, PERENNIAL_TWILIO_WHATSAPP_FROM: number }, ['email', 'sms', 'whatsapp']],
  ])('%s', (_, twilio, expected) => {
    expect(channelsSetUp(readSettings({ ...mailOnly, ...twilio }))).toEqual(expected);
  });

  it.each([
    ['half an account', { PERENNIAL_TWILIO_ACCOUNT_SID: account.PERENNIAL_TWILIO_ACCOUNT_SID }, /AUTH_TOKEN: set all of them, or none/],
    ['a sender without an account', { PERENNIAL_TWILIO_FROM: number }, /ACCOUNT_SID: is missing/],
    ['an account without a sender', account, /PERENNIAL_TWILIO_FROM: is missing/],
    ['half a certificate', { PERENNIAL_INBOUND_SMTP_CERT: 'cert.pem' }, /INBOUND_SMTP_KEY: set all of them, or none/],
    ['half of DKIM', { PERENNIAL_DKIM_DOMAIN: 'example.test' }, /DKIM_PRIVATE_KEY: set all of them, or none/],
  ])('%s is refused', (_, some, expected) => {
    expect(problemsOf({ ...mailOnly, ...some })).toEqual([expect.stringMatching(expected)]);
  });
});

describe('a name that is not a setting', () => {
  it('is refused, with the setting that was meant', () => {
    expect(problemsOf({ ...mailOnly, PERENNIAL_EMIAL_RATE: '10', PERENNIAL_COLOUR: 'green' })).toEqual([
      'PERENNIAL_EMIAL_RATE: is not a setting; did you mean PERENNIAL_EMAIL_RATE?',
      'PERENNIAL_COLOUR: is not a setting',
    ]);
  });

  it('is reported together with other errors, in one list', () => {
    expect(problemsOf({ ...mailOnly, PERENNIAL_HTTP_PORT: 'x', PERENNIAL_HTTP_PROT: '3000' })).toEqual([
      expect.stringContaining('PERENNIAL_HTTP_PORT: '),
      expect.stringContaining('did you mean PERENNIAL_HTTP_PORT?'),
    ]);
  });

  it('may belong to tests, benches, the stack or compose', () => {
    expect(problemsOf({ ...mailOnly, PERENNIAL_CACHE: 'x', PERENNIAL_TEST_REDIS_URL: 'x', PERENNIAL_DATABASE_PASSWORD: 'x' })).toEqual([]);
  });
});

describe('docker-compose.yml', () => {
  interface Compose {
    readonly 'x-perennial': { readonly environment: Readonly<Record<string, string | number>>; readonly env_file: readonly unknown[] };
  }
  const { environment, env_file: files } = (parse(readFileSync(projectFile('docker-compose.yml'), 'utf8'), { merge: true }) as Compose)[
    'x-perennial'
  ];
  /** Only a real clock: a production-like stack does not run faster. */
  const notHere = ['PERENNIAL_CLOCK_ORIGIN', 'PERENNIAL_CLOCK_SPEED', 'PERENNIAL_ALLOW_FAST_CLOCK'];

  /** These come from .env, so that a custom channel or mail provider needs no line there. */
  const ofKinds = [
    ...channelKinds.entries.flatMap(([, { settings }]) => Object.keys(settings.variables)),
    ...mailProviders.entries.flatMap(([, { variables }]) => Object.keys(variables)),
  ];

  it('passes every setting to the processes', () => {
    expect(files).toContainEqual({ path: '.env', required: false });
    const handed = [...Object.keys(environment), ...notHere];
    expect(settingNames()).toEqual(expect.arrayContaining(handed));
    expect(handed).toEqual(expect.arrayContaining(settingNames().filter((name) => !ofKinds.includes(name))));
  });

  it('requires only what every installation needs', () => {
    const demanded = Object.values(environment).flatMap((value) => [...String(value).matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name));
    expect(demanded).toEqual(['PERENNIAL_DATABASE_PASSWORD', 'PERENNIAL_SECRET']);
  });
});
