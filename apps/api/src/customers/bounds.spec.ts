import { query, queryOne } from '../../../../libs/persistence/sql.js';
import { loadFacts } from '../../../../libs/segments/load-facts.js';
import { compileRule } from '../../../../libs/segments/rule.js';
import { startTestApi, type TestApi } from '../../../../test/harness/api.js';
import { makeCustomer, testNow } from '../../../../test/harness/factories.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const add = (body: object) => api.request<{ id: string }>('POST', '/v1/customers', { body });
const raw = (path: string, body: string) =>
  fetch(`${api.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' }, body });

describe('a customer of whom only the number is known', () => {
  it('is accepted, shown, and usable in rules', async () => {
    const { status, body } = await add({ externalId: 'bare' });
    expect(status).toBe(201);
    expect((await api.request('GET', `/v1/customers/${body.id}`)).body).toMatchObject({
      externalId: 'bare',
      monthlyCharge: null,
      currency: null,
      tenure: null,
      locale: 'en',
    });
    const rules = ['customer.monthly_charge > 0', 'customer.monthly_charge <= 0', 'customer.tenure >= 0', 'customer.plan == "x"'];
    for (const rule of rules) {
      const facts = await loadFacts(api.em(), body.id, testNow);
      expect(compileRule(rule).holds(facts)).toBe(false);
      const sql = compileRule(rule).toSql(2, testNow);
      expect(await query(api.em(), `select 1 from customer c where c.id = $1 and ${sql.sql}`, [body.id, ...sql.params])).toEqual([]);
    }
  });

  it('needs a currency where there is a charge', async () => {
    expect(await add({ externalId: 'no-currency', monthlyCharge: 100 })).toMatchObject({
      status: 400,
      body: { places: [{ where: 'currency', what: 'is needed with a monthlyCharge' }] },
    });
  });
});

describe('a charge in a currency of other units', () => {
  it.each([
    ['JPY', 1_200, 1_200],
    ['KWD', 1_200, 1.2],
    ['CLF', 12_000, 1.2],
    ['EUR', 120, 1.2],
    ['IDR', 5_000_000_000, 50_000_000],
  ])('%s: %d minor units are %d in a rule, for one customer and for all', async (currency, monthlyCharge, major) => {
    const { status, body } = await add({ externalId: `in-${currency}`, monthlyCharge, currency });
    expect(status).toBe(201);
    const rule = compileRule(`customer.monthly_charge == ${Number.isInteger(major) ? `${major}.0` : major}`);
    expect(rule.holds(await loadFacts(api.em(), body.id, testNow))).toBe(true);
    const sql = rule.toSql(2, testNow);
    expect(await queryOne(api.em(), `select c.currency from customer c where c.id = $1 and ${sql.sql}`, [body.id, ...sql.params])).toEqual({
      currency,
    });
  });

  it.each(['XXX', 'EURO', 'eur', 'XAU', ''])('refuses %s, which is not a currency', async (currency) => {
    expect(await add({ externalId: 'x', monthlyCharge: 1, currency })).toMatchObject({
      status: 400,
      body: { places: [{ where: 'currency' }] },
    });
  });
});

describe('texts, numbers and keys in requests', () => {
  it.each([
    ['a name of 2,000 characters', { name: 'A'.repeat(2_000) }],
    ['a name that is blank', { name: ' \u200e ' }],
    ['a name with a control character', { name: 'A\u0007' }],
    ['an id of 10,000 characters', { externalId: 'x'.repeat(10_000) }],
    ['a charge beyond any', { monthlyCharge: 1e15, currency: 'EUR' }],
    ['a charge below nothing', { monthlyCharge: -1, currency: 'EUR' }],
    ['a tenure of ages', { tenure: 1e9 }],
    ['a tenure of more than a century, as in an import', { tenure: 1_201 }],
    ['a language that is none', { locale: 'de-a' }],
    ['a language that is two', { locale: 'en-en-en-en' }],
    ['a language of a thousand letters', { locale: `de-x-${Array.from({ length: 200 }, () => 'abcde').join('-')}` }],
    ['a number that loses digits', { attributes: { usage: 2 ** 60 } }],
    ['a key that every object has', { attributes: { valueof: 1, tostring: 1, ['has own']: 1 } }],
    ['a key that is too long', { attributes: { ['a'.repeat(64)]: 1 } }],
    ['a list for a value', { attributes: { usage: [1] } }],
    ['a value of 3,000 characters', { attributes: { usage: 'x'.repeat(3_000) } }],
    ['more attributes than anybody has', { attributes: Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`a${index}`, 1])) }],
  ])('are refused with their place: %s', async (_, more) => {
    const { status, body } = await api.request<{ places: { where: string }[] }>('POST', '/v1/customers', {
      body: { externalId: 'bounds', ...more },
    });
    expect(status).toBe(400);
    expect(body.places[0]?.where.split('.')[0]).toBe(Object.keys(more)[0]);
  });

  it.each(['{"externalId":"p2","attributes":{"usage":1e400}}', '{"externalId":"p3","monthlyCharge":NaN}'])(
    'are refused as they are in the body: %s',
    async (body) => {
      expect((await raw('/v1/customers', body)).status).toBe(400);
    },
  );

  it.each(['__proto__', 'constructor', 'prototype'])('never become part of an object by their name: %s', async (key) => {
    const answer = await raw('/v1/customers', `{"externalId":"key ${key}","attributes":{"${key}":{"status":"churned"}}}`);
    if (answer.status !== 400) {
      expect(await queryOne(api.em(), 'select attributes from customer where external_id = $1', [`key ${key}`])).toEqual({
        attributes: {},
      });
    }
    expect(({} as Record<string, unknown>)['status']).toBeUndefined();
  });

  it.each(['DE-at', 'zh-Hant-TW', 'de-1901'])('are accepted as in an import: the language %s', async (locale) => {
    expect((await add({ externalId: `in ${locale}`, locale, tenure: 1_200 })).status).toBe(201);
  });

  it('stand on one line in a name', async () => {
    const { body } = await add({ externalId: 'two-lines', name: 'Ann\r\n=cmd|calc' });
    expect(await queryOne(api.em(), 'select name from customer where id = $1', [body.id])).toEqual({ name: 'Ann =cmd|calc' });
  });

  it.each(['constructor', 'tostring', 'hasownproperty.x', '__proto__', 'contract.ended.x'])(
    'have no side effect on a customer: an event of the kind %s',
    async (kind) => {
      const { id, externalId } = await makeCustomer(api.em());
      const event = { externalId, kind, at: testNow.toISOString(), source: 'crm', sourceId: `kind ${kind}` };
      const { status } = await api.request('POST', '/v1/events', { body: [event] });
      expect(status).toBe(kind.startsWith('_') ? 400 : 200);
      expect(await queryOne(api.em(), 'select status from customer where id = $1', [id])).toEqual({ status: 'active' });
    },
  );

  it('refuses a campaign, a step or a score of such a name or size, without a failure', async () => {
    const yaml = (key: string) =>
      `campaign: ${key}\naudience: 'true'\ntrigger: { manual: true }\nbudget: 1 EUR\njourney:\n  - exit: saved\n`;
    const long = await fetch(`${api.url}/v1/campaigns`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.key}`, 'content-type': 'text/yaml' },
      body: yaml('x'.repeat(5_000)),
    });
    expect(long.status).toBe(400);
    const { externalId } = await makeCustomer(api.em());
    const score = { externalId, kind: 'clv', value: 1e300 };
    expect((await api.request('POST', '/v1/scores', { body: [score] })).status).toBe(400);
  });
});
