import fc from 'fast-check';
import { toCustomer } from './imported-customer.js';
import { parseMapping } from './mapping.js';

const mapping = parseMapping(`
import: small
currency: EUR
locale: en
customer:
  external_id: { column: id }
  name: { column: name }
  locale: { column: locale }
  time_zone: { column: zone }
  plan: { column: plan, values: { A: basic, B: plus } }
  monthly_charge: { column: charge, type: money }
  tenure: { column: months, type: integer }
attributes:
  contract: { column: contract, type: keyword }
  paperless: { column: paperless, type: boolean }
  usage: { column: usage, type: number, blank: 0 }
`);

const good = {
  id: 'c-1',
  name: ' Ann ',
  locale: 'de-AT',
  zone: 'Europe/Vienna',
  plan: 'B',
  charge: '29.85',
  months: '12',
  contract: 'Month-to-month (new)',
  paperless: 'TRUE',
  usage: '',
};

describe('a row of a file', () => {
  it('becomes a customer, money in minor units', () => {
    expect(toCustomer(mapping, good, 1)).toEqual({
      externalId: 'c-1',
      name: 'Ann',
      locale: 'de-AT',
      timeZone: 'Europe/Vienna',
      plan: 'plus',
      monthlyCharge: 2985,
      currency: 'EUR',
      tenure: 12,
      attributes: { contract: 'month-to-month-new', paperless: true, usage: 0 },
      addresses: [],
      consents: [],
    });
  });

  it('has null for an empty cell', () => {
    expect(toCustomer(mapping, { ...good, name: '', plan: ' ', contract: '' }, 1)).toMatchObject({
      name: null,
      plan: null,
      attributes: { contract: null },
    });
  });

  it.each([
    [{ charge: 'much' }, 'charge: "much" is not an amount'],
    [{ charge: '-1' }, /^charge: /],
    [{ months: '1.5' }, 'months: "1.5" is not a whole number'],
    [{ months: '99999' }, /^months: /],
    [{ id: '' }, 'id: is blank'],
    [{ plan: 'C' }, 'plan: "C" is not one of "A", "B"'],
    [{ zone: 'Mars/Base' }, 'zone: is not the region and city of an IANA time zone: write one as in Europe/Berlin'],
    [{ months: '1201' }, /^months: /],
    [{ locale: `de-x-${'abcde-'.repeat(6)}a` }, 'locale: is not a language tag such as en or de-AT'],
    [{ locale: 'not a tag' }, 'locale: is not a language tag such as en or de-AT'],
    [{ paperless: 'maybe' }, 'paperless: "maybe" is neither true nor false'],
    [{ usage: '0x10' }, 'usage: "0x10" is not a number'],
    [{ charge: 'x', months: 'y' }, 'charge: "x" is not an amount; months: "y" is not a whole number'],
  ])('is rejected for %j, in the words of the file', (cells, reason) => {
    const result = toCustomer(mapping, { ...good, ...cells }, 1);
    expect(result).toEqual({ reason: typeof reason === 'string' ? reason : (expect.stringMatching(reason) as unknown) });
  });

  it('never throws, for any cells', () => {
    const cells = fc.record(Object.fromEntries(Object.keys(good).map((column) => [column, fc.string()])));
    fc.assert(
      fc.property(cells, (record) => {
        const result = toCustomer(mapping, record, 1);
        return 'reason' in result ? result.reason.length > 0 : Number.isInteger(result.monthlyCharge);
      }),
    );
  });
});

describe('what spreadsheets and people write in a cell', () => {
  const consenting = parseMapping(`
import: words
currency: EUR
locale: en
customer:
  external_id: { column: id }
  plan: { column: plan, values: { A: basic, a: small, B: plus } }
  monthly_charge: { column: charge, type: money }
  tenure: { column: months, type: integer }
contact_points:
  email: { column: mail }
consents:
  wording_version: '1'
  email: { column: ok, values: { 'yes': granted, 'no': withdrawn } }
attributes: {}
`);
  const row = { id: 'c-1', plan: 'B', charge: '1.00', months: '1', mail: 'a@b.example', ok: 'yes' };
  const reasonOf = (more: Readonly<Record<string, string>>): unknown => {
    const read = toCustomer(consenting, { ...row, ...more }, 1);
    return 'reason' in read ? read.reason : read;
  };

  it.each([
    ['Yes', true],
    ['YES', true],
    ['No', false],
    ['NO', false],
    ['nO', false],
  ])('a word counts in any case: %s', (ok, granted) => {
    expect(toCustomer(consenting, { ...row, ok }, 1)).toMatchObject({ consents: [{ granted }] });
  });

  it('a withdrawal in upper or lower case counts even in a refused row', () => {
    expect(toCustomer(consenting, { ...row, ok: 'NO', charge: 'x' }, 1)).toMatchObject({ withdrawn: { consents: [{ granted: false }] } });
  });

  it('a word that the mapping has in two cases matches only in its own case', () => {
    expect(['A', 'a', 'b'].map((plan) => toCustomer(consenting, { ...row, plan }, 1))).toMatchObject([
      { plan: 'basic' },
      { plan: 'small' },
      { plan: 'plus' },
    ]);
    const two = parseMapping(
      'import: x\nlocale: en\ncustomer:\n  external_id: { column: id }\n  plan: { column: plan, values: { Ab: one, aB: two } }\nattributes: {}',
    );
    expect(toCustomer(two, { id: '1', plan: 'AB' }, 1)).toMatchObject({ reason: expect.stringContaining('is not one of') as string });
  });

  it.each(['1.23E+05', '1,23E+05', '4.47701E+11', '1.5e+10'])('an id that a spreadsheet has rounded is none: %s', (id) => {
    expect(reasonOf({ id })).toBe('id: is not an id: a spreadsheet has rounded its digits away');
  });

  it.each(['1E5', 'E+05', 'a1.23E+05', '12e4'])('an id with an E in it is an id: %s', (id) => {
    expect(toCustomer(consenting, { ...row, id }, 1)).toMatchObject({ externalId: id });
  });

  it.each([
    [{ months: '-5' }, 'months: is below 0'],
    [{ charge: '-5.00' }, 'charge: is below 0'],
    [{ months: '1201' }, 'months: is above 1200'],
    [{ charge: 'NULL' }, 'charge: "NULL" is not an amount'],
    [{ charge: 'N/A' }, 'charge: "N/A" is not an amount'],
    [{ charge: 'USD' }, 'charge: "USD" is not an amount'],
    [{ charge: 'FREE' }, 'charge: "FREE" is not an amount'],
    [{ charge: 'USD 5.00' }, 'charge: is in USD, and the mapping says EUR'],
  ])('an error is reported in plain words: %j', (more, reason) => expect(reasonOf(more)).toBe(reason));
});
