import type { EntityManager } from '@mikro-orm/postgresql';
import { startTestInbound, type TestInbound } from '../../../../../test/harness/inbound.js';
import { day, makeContactPoint, makeCustomer, testNow } from '../../../../../test/harness/factories.js';
import { fieldsOf } from '../../../../../test/harness/preference-form.js';
import { makeMessage, sendOffer, type SentOffer } from '../../../../../test/harness/sent-offer.js';
import type { Customer } from '../../../../../libs/customers/customer.entity.js';
import { query, queryOne } from '../../../../../libs/persistence/sql.js';
import { newId } from '../../../../../libs/platform/ids.js';
import { signalsTo } from '../../../../../test/harness/signals.js';

let inbound: TestInbound;
beforeAll(async () => {
  inbound = await startTestInbound();
});
afterAll(() => inbound.close());
beforeEach(() => inbound.setNow(testNow));
const em = (): EntityManager => inbound.em();

const urlOf = ({ messageId }: SentOffer): string => `${inbound.url}/p/${inbound.context.tokens.sign('preferences', messageId)}`;
const get = async (sent: SentOffer): Promise<string> => (await fetch(urlOf(sent))).text();

function post(sent: SentOffer, fields: ReadonlyMap<string, string>): Promise<Response> {
  return fetch(urlOf(sent), { method: 'POST', body: new URLSearchParams([...fields]), redirect: 'manual' });
}

/** Opens the page, changes fields (null: not ticked), and saves. */
async function choose(sent: SentOffer, changes: Readonly<Record<string, string | null>>): Promise<Response> {
  return post(sent, changed(fieldsOf(await get(sent)), changes));
}

function changed(fields: ReadonlyMap<string, string>, changes: Readonly<Record<string, string | null>>): Map<string, string> {
  const form = new Map(fields);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) form.delete(name);
    else form.set(name, value);
  }
  return form;
}

const consents = ({ customer }: SentOffer): Promise<object[]> =>
  query(
    em(),
    `select channel, purpose, granted, source, wording_version as wording, actor from consent_event
     where customer_id = $1 and source <> 'import' order by at, purpose, id`,
    [customer.id],
  );
const suppressions = ({ customer }: SentOffer): Promise<object[]> =>
  query(
    em(),
    `select s.channel, s.reason from suppression s join contact_point p on p.channel = s.channel and p.address_hash = s.address_hash
     where p.customer_id = $1 order by s.channel`,
    [customer.id],
  );
const stateOf = async (messageId: string): Promise<unknown> =>
  (await queryOne<{ state: string }>(em(), 'select state from message where id = $1', [messageId]))?.state;
const signalsOf = ({ enrolment }: SentOffer): Promise<unknown[]> => signalsTo(em(), enrolment.id);
const choicesOf = ({ customer }: SentOffer): Promise<object | undefined> =>
  queryOne(em(), 'select locale, time_zone as zone, preferred_channel as channel, preferred_hours as hours from customer where id = $1', [
    customer.id,
  ]);

/** A customer with e-mail and text messages, both with consent to offers, who got an e-mail. */
async function reach(overrides: Partial<Customer> = {}): Promise<SentOffer> {
  const customer = await makeCustomer(em(), overrides);
  await makeContactPoint(em(), customer.id, 'sms');
  return sendOffer(em(), 'email', { customer });
}

describe('the preference centre', () => {
  it('shows the present state, with masked addresses, and changes nothing, however often a scanner opens it', async () => {
    const sent = await reach();
    for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(urlOf(sent), { method })).status).toBe(200);
    const page = await get(sent);
    expect(page).not.toContain(sent.point.address);
    expect(page).toContain(`p•••@example.test`);
    expect(page).toContain('+49•••');
    expect(page).not.toContain('<script');
    expect(Object.fromEntries(fieldsOf(page))).toMatchObject({
      'email.marketing': 'on',
      'email.service': 'on',
      'sms.marketing': 'on',
      'sms.service': 'on',
      'preferred-channel': '',
      hours: 'any',
      language: 'en',
      'time-zone': 'Europe/Berlin',
    });
    expect(await consents(sent)).toEqual([]);
  });

  it.each([
    ['de-AT', 'Was Sie von uns erhalten', '>Speichern</button>'],
    ['fr', 'Ce que vous recevez de nous', '>Enregistrer</button>'],
    ['es', 'Lo que recibe de nosotros', '>Guardar</button>'],
    ['ja', 'What you get from us', '>Save</button>'],
  ])('is in the language of the customer: %s', async (locale, title, button) => {
    const page = await get(await reach({ locale }));
    expect(page).toContain(title);
    expect(page).toContain(button);
  });

  it('withdraws consent that is no longer ticked, withdraws planned messages only there, and notifies the journey', async () => {
    const sent = await reach();
    const planned = { state: 'planned', submittedAt: null, settledAt: null } as const;
    const offer = await makeMessage(em(), sent, { ...planned, step: 'second' });
    const bill = await makeMessage(em(), sent, { ...planned, step: 'third', purpose: 'service' });
    const answer = await choose(sent, { 'email.marketing': null });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/role="status"[^>]*>Saved/);
    expect(await consents(sent)).toEqual([
      {
        channel: 'email',
        purpose: 'marketing',
        granted: false,
        source: 'preferences',
        wording: 'preferences-2026-11.en',
        actor: 'customer',
      },
    ]);
    expect([await stateOf(offer), await stateOf(bill)]).toEqual(['withdrawn', 'planned']);
    expect(await signalsOf(sent)).toEqual([{ kind: 'message-failed', messageId: offer, channel: 'email', why: 'rejected' }]);
    expect(await suppressions(sent)).toEqual([]);
    expect(fieldsOf(await get(sent)).has('email.marketing')).toBe(false);
  });

  it('saves a form once, however often it is sent, also at the same time', async () => {
    const sent = await reach();
    const form = changed(fieldsOf(await get(sent)), { 'sms.marketing': null, language: 'de' });
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(sent, form)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await (await post(sent, form)).text()).toContain('Es wurde nichts geändert');
    expect(await consents(sent)).toMatchObject([{ channel: 'sms', granted: false }]);
  });

  it('saves the settings, and plans messages again by the new hours', async () => {
    const sent = await reach({ locale: 'de-AT' });
    const planned = await makeMessage(em(), sent, { state: 'planned', step: 'second', submittedAt: null, settledAt: null });
    const answer = await choose(sent, {
      'preferred-channel': 'sms',
      language: 'fr',
      'time-zone': 'America/New_York',
      hours: 'between',
      from: '1080',
      to: '1260',
    });
    expect(await answer.text()).toContain('Enregistré');
    expect(await choicesOf(sent)).toEqual({
      locale: 'fr-AT',
      zone: 'America/New_York',
      channel: 'sms',
      hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: 1_080, to: 1_260 }],
    });
    expect(await queryOne(em(), 'select send_before as "sendBefore" from message where id = $1', [planned])).toEqual({
      sendBefore: testNow,
    });
    await choose(sent, { hours: 'any', 'preferred-channel': '' });
    expect(await choicesOf(sent)).toMatchObject({ channel: null, hours: null });
    expect(await consents(sent)).toEqual([]);
  });

  it('keeps hours that the form cannot show until others are chosen', async () => {
    const windows = [{ days: [6, 7], from: 600, to: 720 }];
    const sent = await reach({ preferredHours: windows });
    const page = await get(sent);
    expect(fieldsOf(page).get('hours')).toBe('other');
    expect((await post(sent, changed(fieldsOf(page), { language: 'es' }))).status).toBe(200);
    expect(await choicesOf(sent)).toMatchObject({ locale: 'es', hours: windows });
  });

  it('a stale form never grants again what was withdrawn in the meantime', async () => {
    const sent = await reach();
    const stale = fieldsOf(await get(sent));
    await fetch(`${inbound.url}/u/${inbound.context.tokens.sign('unsubscribe', sent.messageId)}`, { method: 'POST' });
    const answer = await post(sent, changed(stale, { language: 'de' }));
    expect(answer.status).toBe(200);
    expect(await consents(sent)).toMatchObject([{ granted: false, source: 'one-click' }]);
    expect(await suppressions(sent)).toEqual([{ channel: 'email', reason: 'opt-out' }]);
  });

  it('a tick on a stale form must be repeated', async () => {
    const sent = await reach();
    await choose(sent, { 'email.marketing': null });
    const stale = fieldsOf(await get(sent));
    await choose(sent, { 'email.marketing': 'on' });
    await choose(sent, { 'email.marketing': null });
    const answer = await post(sent, changed(stale, { 'email.marketing': 'on' }));
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('had changed since')]);
    expect((await consents(sent)).at(-1)).toMatchObject({ granted: false });
    // The fixed form is still the old one.
    const fixed = await post(sent, changed(stale, { 'email.marketing': 'on', hours: 'between', from: '600', to: '600' }));
    expect(fixed.status).toBe(422);
    expect((await post(sent, changed(fieldsOf(await fixed.text()), { hours: 'any' }))).status).toBe(409);
  });

  it('unsubscribing from e-mail keeps messages about the contract, and a tick revokes it', async () => {
    const sent = await reach();
    const bill = await makeMessage(em(), sent, { state: 'planned', step: 'bill', purpose: 'service', submittedAt: null, settledAt: null });
    await fetch(`${inbound.url}/u/${inbound.context.tokens.sign('unsubscribe', sent.messageId)}`, { method: 'POST' });
    expect(await stateOf(bill)).toBe('planned');
    const page = await get(sent);
    expect([fieldsOf(page).has('email.marketing'), fieldsOf(page).has('email.service')]).toEqual([false, true]);
    await choose(sent, { 'email.service': null });
    await choose(sent, { 'email.service': 'on' });
    // Messages that were never blocked need no lifting: the opt-out from offers stays.
    expect(await suppressions(sent)).toEqual([{ channel: 'email', reason: 'opt-out' }]);
    await choose(sent, { 'email.marketing': 'on' });
    expect(await suppressions(sent)).toEqual([]);
    const again = fieldsOf(await get(sent));
    expect([again.has('email.marketing'), again.has('email.service')]).toEqual([true, true]);
  });

  it('a tick grants again and lifts an opt-out of that address, only for the ticked purpose', async () => {
    const sent = await sendOffer(em(), 'sms');
    await fetch(`${inbound.url}/u/${inbound.context.tokens.sign('unsubscribe', sent.messageId)}`, { method: 'POST' });
    inbound.setNow(new Date(testNow.getTime() + day));
    const page = await get(sent);
    expect([fieldsOf(page).has('sms.marketing'), fieldsOf(page).has('sms.service')]).toEqual([false, false]);
    await choose(sent, { 'sms.marketing': 'on' });
    expect(await suppressions(sent)).toEqual([]);
    expect((await consents(sent)).slice(1)).toMatchObject([
      { purpose: 'marketing', granted: true, wording: 'preferences-2026-11.en' },
      { purpose: 'service', granted: false },
    ]);
  });

  it.each(['complaint', 'erased', 'dead-address'])('no tick lifts a suppression for another reason: %s', async (reason) => {
    const sent = await reach();
    await query(em(), `insert into suppression (id, channel, address_hash, reason, at) values (uuidv7(), 'email', $1, $2, $3)`, [
      sent.point.addressHash,
      reason,
      testNow,
    ]);
    expect(await get(sent)).toContain('We cannot write to this address any more');
    expect((await choose(sent, { 'email.marketing': 'on', 'email.service': 'on' })).status).toBe(200);
    expect(await suppressions(sent)).toEqual([{ channel: 'email', reason }]);
    expect(await consents(sent)).toEqual([]);
  });

  it('an objection stays, whatever is ticked', async () => {
    const sent = await reach({ objectedAt: testNow });
    expect(await get(sent)).toContain('You have objected to advertising');
    await choose(sent, { 'email.marketing': 'on', 'sms.service': null });
    expect(await consents(sent)).toMatchObject([{ channel: 'sms', purpose: 'service', granted: false }]);
  });

  it('stops everything with one button, once', async () => {
    const sent = await reach();
    const answers = await Promise.all(Array.from({ length: 4 }, () => post(sent, new Map([['do', 'stop']]))));
    for (const answer of answers) expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Stopped. We will')]);
    expect(await suppressions(sent)).toEqual([
      { channel: 'email', reason: 'opt-out' },
      { channel: 'sms', reason: 'opt-out' },
    ]);
    expect(await consents(sent)).toMatchObject([
      { channel: 'email', purpose: 'marketing', granted: false },
      { channel: 'sms', purpose: 'marketing', granted: false },
      { channel: 'email', purpose: 'service', granted: false },
    ]);
    expect(await query(em(), 'select source, answer, channel from response where customer_id = $1', [sent.customer.id])).toEqual([
      { source: 'preferences', answer: 'opt-out', channel: 'email' },
    ]);
    expect(await signalsOf(sent)).toMatchObject([{ kind: 'response', answer: 'opt-out' }]);
    const page = await get(sent);
    expect(page).not.toContain('value="stop"');
    await choose(sent, { 'sms.marketing': 'on' });
    expect(await suppressions(sent)).toEqual([{ channel: 'email', reason: 'opt-out' }]);
    expect((await post(sent, new Map([['do', 'stop']]))).status).toBe(200);
    expect(await suppressions(sent)).toHaveLength(2);
  });

  it('stops messages about the contract too, also for a customer who had unsubscribed from e-mail, and again after a new consent', async () => {
    const sent = await reach();
    const stop = (): Promise<Response> => post(sent, new Map([['do', 'stop']]));
    await fetch(`${inbound.url}/u/${inbound.context.tokens.sign('unsubscribe', sent.messageId)}`, { method: 'POST' });
    const planned = { state: 'planned', purpose: 'service', submittedAt: null, settledAt: null } as const;
    const bill = await makeMessage(em(), sent, { ...planned, step: 'bill' });
    expect(await get(sent)).toContain('value="stop"');
    expect(await (await stop()).text()).not.toContain('value="stop"');
    expect(await stateOf(bill)).toBe('withdrawn');
    expect(await signalsOf(sent)).not.toContainEqual(expect.objectContaining({ kind: 'message-failed', messageId: bill }));
    expect([...fieldsOf(await get(sent)).keys()].filter((name) => name.includes('.'))).toEqual([]);

    inbound.setNow(new Date(testNow.getTime() + day));
    await choose(sent, { 'email.service': 'on' });
    const another = await makeMessage(em(), sent, { ...planned, step: 'another' });
    await stop();
    expect(await stateOf(another)).toBe('withdrawn');
    expect(await query(em(), `select 1 from response where customer_id = $1 and source = 'preferences'`, [sent.customer.id])).toHaveLength(
      2,
    );
  });

  it('shows what to fix, keeps the choices, and saves nothing', async () => {
    const sent = await reach();
    const answer = await choose(sent, { 'email.marketing': null, hours: 'between', from: '600', to: '600', 'time-zone': 'Mars/Olympus' });
    const page = await answer.text();
    expect(answer.status).toBe(422);
    expect(page).toContain('role="alert"');
    expect(page).toContain('href="#from"');
    expect(page).toContain('href="#time-zone"');
    expect(page).toContain('id="timeZone-error"');
    expect(fieldsOf(page).get('hours')).toBe('between');
    expect(fieldsOf(page).has('email.marketing')).toBe(false);
    expect(await consents(sent)).toEqual([]);
    expect(await choicesOf(sent)).toMatchObject({ zone: 'Europe/Berlin', hours: null });
  });

  it.each<[string, Record<string, string | null>, number]>([
    ['without what it showed', { seen: null }, 400],
    ['with nonsense for what it showed', { seen: '{"consents":[]}' }, 400],
    ['without a button', { do: null }, 400],
    ['with a button of another kind', { do: 'constructor' }, 400],
    ['in an unknown language', { language: 'xx' }, 422],
    ['with an unknown channel', { 'preferred-channel': 'pigeon' }, 422],
    ['with hours that no day has', { hours: 'between', from: '-5', to: '99999' }, 422],
    ['with a zone too many characters long', { 'time-zone': 'a'.repeat(9_000) }, 422],
    ['with a nul', { 'time-zone': 'a\0b' }, 422],
    ['too long', { more: 'a'.repeat(110_000) }, 413],
  ])('refuses a form %s', async (_, changes, status) => {
    const sent = await reach();
    expect((await choose(sent, changes)).status).toBe(status);
    expect(await consents(sent)).toEqual([]);
    expect(await choicesOf(sent)).toMatchObject({ locale: 'en', zone: 'Europe/Berlin' });
  });

  it('does not show a channel that is not set up, but stops it too', async () => {
    const sent = await reach();
    await makeContactPoint(em(), sent.customer.id, 'whatsapp');
    expect(await get(sent)).not.toContain('WhatsApp');
    await choose(sent, { 'sms.marketing': null });
    expect(await consents(sent)).toHaveLength(1);
    await post(sent, new Map([['do', 'stop']]));
    expect(await suppressions(sent)).toMatchObject([{ channel: 'email' }, { channel: 'sms' }, { channel: 'whatsapp' }]);
  });

  it('refuses a tampered consent without effect', async () => {
    const sent = await reach();
    const fields = fieldsOf(await get(sent));
    expect((await post(sent, changed(fields, { 'fax.marketing': 'on', 'whatsapp.marketing': 'on' }))).status).toBe(200);
    expect(await consents(sent)).toEqual([]);
  });

  it('refuses a form that claims to have shown an unknown language', async () => {
    const sent = await reach();
    const fields = fieldsOf(await get(sent));
    const seen = JSON.parse(fields.get('seen') ?? '') as { choices: object };
    for (const language of ['\0\0', 'xx', '__proto__']) {
      const stated = JSON.stringify({ ...seen, choices: { ...seen.choices, language } });
      expect((await post(sent, changed(fields, { seen: stated, language, 'sms.marketing': 'on' }))).status).toBe(400);
    }
    expect(await consents(sent)).toEqual([]);
  });

  it('a link that is not ours leads nowhere, and neither does one whose message no longer exists', async () => {
    const sent = await reach();
    const { tokens } = inbound.context;
    for (const token of [sent.messageId, tokens.sign('unsubscribe', sent.messageId), tokens.sign('preferences', newId())]) {
      for (const method of ['GET', 'POST']) {
        const body = method === 'POST' ? new URLSearchParams({ do: 'stop' }) : null;
        expect((await fetch(`${inbound.url}/p/${token}`, { method, body })).status).toBe(404);
      }
    }
    expect(await suppressions(sent)).toEqual([]);
  });

  it('is linked from the page for unsubscribing', async () => {
    const sent = await reach();
    const unsubscribe = `${inbound.url}/u/${inbound.context.tokens.sign('unsubscribe', sent.messageId)}`;
    for (const method of ['GET', 'POST']) {
      const link = /href="([^"]+)"/.exec(await (await fetch(unsubscribe, { method })).text())?.[1] ?? '';
      expect((await fetch(new URL(link, unsubscribe))).status).toBe(200);
    }
  });
});
