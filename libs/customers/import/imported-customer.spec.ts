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

  it('says nothing where a cell is empty', () => {
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
    [{ plan: 'C' }, 'plan: "C" is none of "A", "B"'],
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

  it('never throws, whatever stands in the cells', () => {
    const cells = fc.record(Object.fromEntries(Object.keys(good).map((column) => [column, fc.string()])));
    fc.assert(
      fc.property(cells, (record) => {
        const result = toCustomer(mapping, record, 1);
        return 'reason' in result ? result.reason.length > 0 : Number.isInteger(result.monthlyCharge);
      }),
    );
  });
});
