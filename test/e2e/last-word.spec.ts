import { Readable } from 'node:stream';
import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import twilio from 'twilio';
import { startInboundMail, type InboundMail } from '../../apps/api/src/inbound/mail/inbound-mail.js';
import type { Channel } from '../../libs/channels/table.js';
import { createCustomer } from '../../libs/ingestion/create-customer.js';
import { importCustomers } from '../../libs/ingestion/import/import-customers.js';
import { parseMapping } from '../../libs/ingestion/import/mapping.js';
import { recordConsent } from '../../libs/consent/record-consent.js';
import { readPolicyTables } from '../../libs/messaging/contact-policy/policy-tables.js';
import { claim } from '../../libs/messaging/ledger/claim.js';
import { markSubmitting } from '../../libs/messaging/ledger/ledger.js';
import { planMessages } from '../../libs/messaging/planning/plan-message.js';
import { query } from '../../libs/persistence/sql.js';
import { newId } from '../../libs/platform/ids.js';
import { accountSid, authToken, publicUrl, replyDomain, startTestInbound, type TestInbound } from '../harness/inbound.js';
import { makeCampaign, makeEnrolment, testNow, testSecret, type MadeCampaign } from '../harness/factories.js';
import { fieldsOf } from '../harness/preference-form.js';

/*
 * Two customers share one inbox and one line, each spelled in several ways. In random orders consent is granted and withdrawn, objected to,
 * stopped and imported through every input, and after each event all planned messages are sent. Beside the product runs a simple model: the
 * latest statement of each customer, and its instant.
 */

const minute = 60_000;
const hour = 60 * minute;
const people = ['ann', 'ben'] as const;
type Person = (typeof people)[number];
const channels = ['email', 'sms', 'whatsapp'] as const satisfies readonly Channel[];

const mapping = parseMapping(`
import: people
currency: EUR
locale: en
customer:
  external_id: { column: id }
  monthly_charge: { column: charge, type: money }
  tenure: { column: months, type: integer }
contact_points: { email: { column: mail }, phone: { column: mobile }, whatsapp: { column: mobile } }
consents:
  wording_version: '1'
  email: { column: news, values: { 'yes': granted, 'no': withdrawn }, given_at: { column: since } }
  sms: { column: texts, values: { 'yes': granted, 'no': withdrawn }, given_at: { column: since } }
`);

const shipped = readPolicyTables(channels);
const anyTime = [{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 }];
const unlimited = { caps: [], gapMs: 0 };
const tables = {
  ...shipped,
  laws: [],
  companyHours: { email: anyTime, sms: anyTime, whatsapp: anyTime },
  limits: { marketing: unlimited, service: unlimited },
};

const person = fc.constantFrom(...people);
const channel = fc.constantFrom(...channels);
const phoneChannel = fc.constantFrom('sms' as const, 'whatsapp' as const);
const spelling = fc.nat(3);
/** Minutes ago; undefined: said now, without an instant. Never a multiple of the hour that passes between two words. */
const ago = fc.constantFrom(undefined, 20, 100, 290);
const word = fc.constantFrom('', 'yes', 'no');

const op = fc.oneof(
  fc.record({ kind: fc.constant('api' as const), who: person, channel, granted: fc.boolean(), ago }),
  fc.record({ kind: fc.constant('ahead' as const), who: person, channel, minutes: fc.constantFrom(2, 60 * 24 * 365) }),
  fc.record({
    kind: fc.constant('text' as const),
    channel: phoneChannel,
    spelling,
    says: fc.constantFrom('STOP' as const, 'START' as const),
  }),
  fc.record({ kind: fc.constant('one-click' as const), who: person }),
  fc.record({ kind: fc.constant('mail' as const), who: person }),
  fc.record({ kind: fc.constant('stop-all' as const), who: person }),
  fc.record({
    kind: fc.constant('tick' as const),
    who: person,
    channel: fc.constantFrom('email' as const, 'sms' as const),
    on: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('import' as const), who: person, spelling, news: word, texts: word, ago, broken: fc.boolean() }),
  fc.record({ kind: fc.constant('object' as const), who: person }),
);
type Op = typeof op extends fc.Arbitrary<infer T> ? T : never;

/** What was said last, by customer and channel. */
class LastWords {
  private readonly words = new Map<string, { granted: boolean; at: number; byImport: boolean }>();
  private readonly stopped = new Set<Channel>();
  private readonly objected = new Set<Person>();

  say(who: Person, on: Channel, granted: boolean, at: number, byImport = false): void {
    const last = this.words.get(`${who} ${on}`);
    if (last === undefined || at >= last.at) this.words.set(`${who} ${on}`, { granted, at, byImport });
  }

  stop(on: Channel, at: number): void {
    this.stopped.add(on);
    for (const who of people) this.say(who, on, false, at);
  }

  start(on: Channel, at: number): void {
    if (!this.stopped.delete(on)) return;
    for (const who of people) this.say(who, on, true, at);
  }

  tick(who: Person, on: Channel, ticked: boolean, at: number): void {
    if (this.objected.has(who) || ticked === this.holds(who, on)) return;
    this.say(who, on, ticked, at);
    if (ticked) this.stopped.delete(on);
  }

  stopAll(who: Person, at: number): void {
    for (const on of channels) {
      // If nothing reached them there is nothing to end.
      if (this.stopped.has(on) && this.words.get(`${who} ${on}`)?.granted !== true) continue;
      this.stop(on, at);
    }
  }

  object(who: Person): void {
    this.objected.add(who);
  }

  /** A file has no last word against a customer's own, unless it says that it is later. */
  imported(who: Person, on: Channel, granted: boolean, given: number | undefined, now: number): void {
    const last = this.words.get(`${who} ${on}`);
    if (last?.granted === granted) return;
    const later = last === undefined || (given !== undefined && given > last.at);
    if (later) this.say(who, on, granted, given ?? now, true);
    else if (last.byImport || (!granted && given === undefined)) this.say(who, on, granted, now, true);
  }

  mayWriteTo(who: Person, on: Channel): boolean {
    return !this.objected.has(who) && this.holds(who, on);
  }

  private holds(who: Person, on: Channel): boolean {
    return !this.stopped.has(on) && this.words.get(`${who} ${on}`)?.granted === true;
  }
}

let inbound: TestInbound;
let mail: InboundMail;
let campaign: MadeCampaign;
let runs = 0;
beforeAll(async () => {
  inbound = await startTestInbound({ env: { PERENNIAL_TWILIO_WHATSAPP_FROM: '+15005550009' } });
  mail = await startInboundMail(inbound.mailParts);
  campaign = await makeCampaign(inbound.em());
});
afterAll(async () => {
  await mail.close();
  await inbound.close();
});

interface Somebody {
  readonly id: string;
  readonly externalId: string;
  readonly enrolmentId: string;
  /** An e-mail that they were sent before. */
  readonly letter: string;
}

/** One run: the people, and how their addresses are spelled. */
class Town {
  readonly words = new LastWords();
  readonly mails: readonly string[];
  readonly numbers: readonly string[];
  private readonly found = new Map<Person, Somebody>();
  private steps = 0;
  sent = 0;

  constructor(run: number) {
    const line = `55${String(10_000_000 + run)}`;
    this.mails = [
      `ada.lovelace.${run}@gmail.com`,
      `AdaLovelace${run}@googlemail.com`,
      `Ada <adalovelace${run}+x@GMAIL.com>`,
      `'ada.lovelace${run}@gmail.com`,
    ];
    this.numbers = [`+52${line}`, `+521${line}`, `0052 1 ${line}`, `tel:+52-${line}`];
  }

  get now(): Date {
    return new Date(testNow.getTime() + this.steps * hour);
  }

  async settle(): Promise<void> {
    for (const [index, who] of people.entries()) {
      const externalId = `${who}-${newId()}`;
      const addresses = { email: this.mails[index] ?? '', sms: this.numbers[index] ?? '', whatsapp: this.numbers[index + 1] ?? '' };
      const consents = channels.map(
        (on) => ({ channel: on, purpose: 'marketing', granted: true, wordingVersion: '1', source: 'api' }) as const,
      );
      const id = await inbound.em().transactional((tx) =>
        createCustomer(
          tx,
          {
            ...{
              externalId,
              name: who,
              locale: 'en',
              timeZone: 'Europe/Berlin',
              plan: null,
              monthlyCharge: 1_000,
              currency: 'EUR',
              tenure: 1,
            },
            ...{ preferredChannel: null, attributes: {}, consents },
            contactPoints: channels.map((on) => ({ channel: on, address: addresses[on] })),
          },
          testSecret,
          'api-key:1',
          this.now,
        ),
      );
      for (const on of channels) this.words.say(who, on, true, this.now.getTime());
      const enrolment = await makeEnrolment(inbound.em(), campaign, id);
      const [point] = await query<{ id: string; addressHash: string }>(
        inbound.em(),
        `select id, address_hash as "addressHash" from contact_point where customer_id = $1 and channel = 'email'`,
        [id],
      );
      if (point === undefined) throw new Error('a customer has no e-mail address');
      const [sent] = await query<{ id: string }>(
        inbound.em(),
        `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, address_hash, step, occurrence, channel, purpose, template, state,
                              not_before, send_before, planned_at, submitted_at, provider_id)
         values (uuidv7(), $1, $2, $3, $4, $5, 'before', 1, 'email', 'marketing', 'save-offer', 'accepted', $6, $6, $6, $6, uuidv7()) returning id`,
        [enrolment.id, campaign.id, id, point.id, point.addressHash, this.now],
      );
      this.found.set(who, { id, externalId, enrolmentId: enrolment.id, letter: sent?.id ?? '' });
    }
  }

  of(who: Person): Somebody {
    const somebody = this.found.get(who);
    if (somebody === undefined) throw new Error(`${who} does not live here`);
    return somebody;
  }

  pass(): void {
    this.steps += 1;
    inbound.setNow(this.now);
  }

  /** Plans a message to everybody on every channel. */
  async plan(): Promise<void> {
    const requests = people.flatMap((who) =>
      channels.map((on) => ({ enrolmentId: this.of(who).enrolmentId, step: `step-${on}`, occurrence: this.steps + 1, channel: on })),
    );
    const fixed = { template: 'save-offer', except: [], last: null, now: this.now };
    await inbound.em().transactional((tx) =>
      planMessages(
        tx,
        requests.map((request) => ({ ...request, ...fixed })),
        tables,
      ),
    );
  }

  /** Sends all that is planned, as a dispatcher does. @returns to whom, and by which channel */
  async send(): Promise<{ readonly who: Person; readonly channel: Channel }[]> {
    const gone: string[] = [];
    for (const on of channels) {
      const claimed = await inbound.em().transactional((tx) => claim(tx, on, 100, minute, this.now));
      gone.push(...(await markSubmitting(inbound.em(), claimed, minute, this.now)));
    }
    this.sent += gone.length;
    const rows = await query<{ customer: string; channel: Channel }>(
      inbound.em(),
      'select customer_id as customer, channel from message where id = any($1::uuid[])',
      [gone],
    );
    return rows.map(({ customer, channel: on }) => {
      const who = people.find((each) => this.of(each).id === customer);
      if (who === undefined) throw new Error('a message went to a stranger');
      return { who, channel: on };
    });
  }
}

const page = (purpose: 'unsubscribe' | 'preferences', message: string): string =>
  `${inbound.url}/${purpose === 'unsubscribe' ? 'u' : 'p'}/${inbound.context.tokens.sign(purpose, message)}`;

async function expectTaken(answer: Promise<Response>): Promise<void> {
  const { status } = await answer;
  expect(status).toBeLessThan(400);
}

const send = (url: string, fields: Iterable<[string, string]>): Promise<void> =>
  expectTaken(fetch(url, { method: 'POST', body: new URLSearchParams([...fields]), redirect: 'manual' }));

/** What each word is, by its own way in and to the law. */
const ways: { readonly [Kind in Op['kind']]: (town: Town, said: Extract<Op, { kind: Kind }>) => Promise<void> } = {
  api: async (town, { who, channel: on, granted, ago: minutes }) => {
    const at = minutes === undefined ? undefined : new Date(town.now.getTime() - minutes * minute);
    const consent = { channel: on, purpose: 'marketing', granted, wordingVersion: '1', source: 'api', ...(at && { at }) } as const;
    await inbound.em().transactional((tx) => recordConsent(tx, town.of(who).id, consent, 'api-key:1', town.now));
    town.words.say(who, on, granted, (at ?? town.now).getTime());
  },
  ahead: async (town, { who, channel: on, minutes }) => {
    const at = new Date(town.now.getTime() + minutes * minute);
    const consent = { channel: on, purpose: 'marketing', granted: true, wordingVersion: '1', source: 'api', at } as const;
    const said = inbound.em().transactional((tx) => recordConsent(tx, town.of(who).id, consent, 'api-key:1', town.now));
    if (minutes > 5) {
      await expect(said).rejects.toMatchObject({ kind: 'invalid' });
      return;
    }
    await said;
    town.words.say(who, on, true, town.now.getTime());
  },
  text: async (town, { channel: on, spelling: index, says }) => {
    // A telephone network writes a number as it likes, but always in E.164 form.
    const number = (town.numbers[index % 2] ?? '').replace(/^/, on === 'whatsapp' ? 'whatsapp:' : '');
    const MessageSid = `SM${newId().replaceAll('-', '')}`;
    const fields = { AccountSid: accountSid, ApiVersion: '2010-04-01', Body: says, From: number, MessageSid, To: '+15005550006' };
    const path = '/hooks/twilio/inbound';
    const signature = twilio.getExpectedTwilioSignature(authToken, publicUrl + path, fields);
    const headers = { 'x-twilio-signature': signature };
    await expectTaken(fetch(inbound.url + path, { method: 'POST', body: new URLSearchParams(fields), headers }));
    // It is the telephone that wants no more, on whichever of its channels it says so.
    if (says === 'STOP') for (const each of ['sms', 'whatsapp'] as const) town.words.stop(each, town.now.getTime());
    // By WhatsApp it is no keyword: it grants nothing.
    else if (on === 'sms') town.words.start(on, town.now.getTime());
  },
  'one-click': async (town, { who }) => {
    await send(page('unsubscribe', town.of(who).letter), [['List-Unsubscribe', 'One-Click']]);
    town.words.stop('email', town.now.getTime());
  },
  mail: async (town, { who }) => {
    const transport = createTransport({ host: '127.0.0.1', port: mail.port, secure: false, ignoreTLS: true });
    const to = `r+${inbound.context.tokens.sign('reply', town.of(who).letter)}@${replyDomain}`;
    await transport.sendMail({ from: town.mails[0]?.replace(/^.*<|>$/g, ''), to, subject: 'Re: An offer for you', text: 'STOP' });
    transport.close();
    town.words.stop('email', town.now.getTime());
  },
  'stop-all': async (town, { who }) => {
    await send(page('preferences', town.of(who).letter), [['do', 'stop']]);
    town.words.stopAll(who, town.now.getTime());
  },
  tick: async (town, { who, channel: on, on: ticked }) => {
    const url = page('preferences', town.of(who).letter);
    const fields = fieldsOf(await (await fetch(url)).text());
    fields.delete(`${on}.marketing`);
    if (ticked) fields.set(`${on}.marketing`, 'on');
    await send(url, fields);
    town.words.tick(who, on, ticked, town.now.getTime());
  },
  import: async (town, { who, spelling: index, news, texts, ago: minutes, broken }) => {
    const given = minutes === undefined ? undefined : new Date(town.now.getTime() - minutes * minute);
    const row = [town.of(who).externalId, `"${town.mails[index] ?? ''}"`, town.numbers[index], news, texts, given?.toISOString() ?? ''];
    const file = ['id,mail,mobile,news,texts,since,charge,months', [...row, 10, broken ? 'many' : 1].join(',')].join('\n');
    const report = await importCustomers(inbound.em(), { stream: Readable.from([file]), mapping, secret: testSecret, now: town.now });
    expect(report.rejected).toHaveLength(broken ? 1 : 0);
    for (const [on, said] of [['email', news] as const, ['sms', texts] as const]) {
      if (said === 'no' || (said === 'yes' && !broken)) town.words.imported(who, on, said === 'yes', given?.getTime(), town.now.getTime());
    }
  },
  object: async (town, { who }) => {
    await query(inbound.em(), 'update customer set objected_at = $2 where id = $1', [town.of(who).id, town.now]);
    town.words.object(who);
  },
};

const perform = (town: Town, said: Op): Promise<void> => (ways[said.kind] as (town: Town, said: Op) => Promise<void>)(town, said);

it('no message is sent that the latest statement forbids, in any order and through any input', async () => {
  let sent = 0;
  let allowed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(op, { minLength: 2, maxLength: 10 }), async (story) => {
      const town = new Town((runs += 1));
      inbound.setNow(town.now);
      await town.settle();
      for (const said of story) {
        await town.plan();
        town.pass();
        await perform(town, said);
        const forbidden = (await town.send()).filter(({ who, channel: on }) => !town.words.mayWriteTo(who, on));
        expect([said, forbidden]).toEqual([said, []]);
      }
      // Allowed messages are sent: otherwise a product that sends nothing would pass.
      await town.plan();
      const wanted = people.flatMap((who) => channels.filter((on) => town.words.mayWriteTo(who, on)).map((on) => `${who} ${on}`));
      const got = (await town.send()).map(({ who, channel: on }) => `${who} ${on}`);
      expect(got.sort()).toEqual(wanted.sort());
      sent += town.sent;
      allowed += wanted.length;
    }),
    {
      numRuns: 40,
      // The same link again and again, each time after somebody else with the address consented.
      examples: (['one-click', 'stop-all', 'mail'] as const).map((kind): [Op[]] => {
        const consents: Op = { kind: 'tick', who: 'ann', channel: 'email', on: true };
        return [[{ kind, who: 'ben' }, consents, { kind, who: 'ben' }, consents, { kind, who: 'ben' }]];
      }),
    },
  );
  expect([sent > 100, allowed > 20]).toEqual([true, true]);
}, 300_000);
