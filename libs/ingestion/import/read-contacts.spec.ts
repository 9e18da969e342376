import fc from 'fast-check';
import { toCustomer } from './imported-customer.js';
import { parseMapping } from './mapping.js';
import { whyNotYet } from './read-contacts.js';

const mapping = parseMapping(`
import: small
currency: EUR
locale: en
customer:
  external_id: { column: id }
  monthly_charge: { column: charge, type: money }
  tenure: { column: months, type: integer }
contact_points:
  email: { column: mail }
  phone: { column: mobile, default_country: GB }
consents:
  wording_version: '2026-01'
  email: { column: news, values: { 'yes': granted, 'no': withdrawn }, given_at: { column: since, time_zone: Europe/Berlin } }
  sms: { column: texts, values: { '1': granted, '0': withdrawn }, blank: withdrawn }
`);
const good = {
  id: 'c-1',
  charge: '10',
  months: '1',
  mail: ' Ann@example.com ',
  mobile: '07700 900123',
  news: 'yes',
  since: '2026-01-31 14:30',
  texts: '1',
};
const read = (cells: Partial<typeof good> = {}) => toCustomer(mapping, { ...good, ...cells }, 1);

describe('the addresses and consents of a row', () => {
  it('are an e-mail address, a phone number in E.164 form, and the consents with their instants', () => {
    expect(read()).toMatchObject({
      addresses: [
        { channel: 'email', address: 'Ann@example.com' },
        { channel: 'sms', address: '+447700900123' },
      ],
      consents: [
        { channel: 'email', granted: true, at: new Date('2026-01-31T13:30:00Z') },
        { channel: 'sms', granted: true, at: null },
      ],
    });
  });

  it('may be on WhatsApp too, from a separate column or that of the phone', () => {
    const both = parseMapping(`
import: small
currency: EUR
locale: en
customer: { external_id: { column: id }, monthly_charge: { column: charge, type: money }, tenure: { column: months, type: integer } }
contact_points: { phone: { column: mobile, default_country: GB }, whatsapp: { column: mobile, default_country: GB } }
consents: { wording_version: '1', whatsapp: { column: texts, values: { '1': granted } } }
`);
    expect(toCustomer(both, good, 1)).toMatchObject({
      addresses: [
        { channel: 'sms', address: '+447700900123' },
        { channel: 'whatsapp', address: '+447700900123' },
      ],
      consents: [{ channel: 'whatsapp', granted: true }],
    });
  });

  describe('take the country of a phone number from its column', () => {
    const placed = parseMapping(`
import: small
customer: { external_id: { column: id } }
contact_points: { phone: { column: mobile, country: { column: land, values: { Österreich: AT } }, default_country: GB } }
`);
    it.each([
      ['a code', 'DE', '0170 1234567', '+491701234567'],
      ['in small letters', ' de ', '0170 1234567', '+491701234567'],
      ['a word of the mapping', 'österreich', '0660 1234567', '+436601234567'],
      ['an empty cell: the default', '', '07700 900123', '+447700900123'],
      ['a number with its country needs none', 'Elbonia', '+1 212 555 0123', '+12125550123'],
    ])('%s', (_, land, mobile, address) => {
      expect(toCustomer(placed, { id: '1', mobile, land }, 1)).toMatchObject({ addresses: [{ channel: 'sms', address }] });
    });

    it('and guess none if the cell is not a country', () => {
      expect(toCustomer(placed, { id: '1', mobile: '0170 1234567', land: 'Elbonia' }, 1)).toEqual({
        reason: expect.stringContaining('land has no ISO 3166 country code such as GB') as unknown,
      });
    });

    it('and the mapping names only existing countries', () => {
      expect(() =>
        parseMapping(
          'import: x\ncustomer: { external_id: { column: id } }\ncontact_points: { phone: { column: m, country: { column: c, values: { a: XX } } } }',
        ),
      ).toThrow(/ISO 3166/);
    });
  });

  it('do not exist if the cells are empty, or are what `blank` states', () => {
    expect(read({ mail: '', mobile: ' ', news: '', texts: '' })).toMatchObject({
      addresses: [],
      consents: [{ channel: 'sms', granted: false, at: null }],
    });
  });

  it.each([
    ['+1 212 555 0123', '+12125550123'],
    ['00 49 171 3920001', '+491713920001'],
    ['020-7946-0958', '+442079460958'],
  ])('takes the phone number %s', (mobile, address) => {
    expect(read({ mobile })).toMatchObject({ addresses: [{}, { address }] });
  });

  it.each([
    ['2026-01-31', '2026-01-30T23:00:00Z'],
    ['2026-01-31T14:30:00+05:00', '2026-01-31T09:30:00Z'],
    ['2026-07-01T14:30:00.5', '2026-07-01T12:30:00.500Z'],
  ])('takes the instant %s', (since, at) => {
    expect(read({ since })).toMatchObject({ consents: [{ at: new Date(at) }, {}] });
  });

  it.each([
    [{ mail: 'ann@' }, 'mail: is not an e-mail address'],
    [{ mail: 'ann@example.com, bob@example.com' }, 'mail: holds more than one e-mail address'],
    [{ mobile: '12' }, 'mobile: is not a phone number'],
    [{ mobile: '4.47701E+11' }, 'mobile: is not a phone number: a spreadsheet has rounded its digits away'],
    [{ mobile: 'ask for 020 7946 0958' }, 'mobile: is not a phone number'],
    [{ mobile: '020 7946 0958 ext. 12' }, 'mobile: has an extension; a text message cannot reach it'],
    [{ news: 'maybe' }, 'news: "maybe" is not one of "yes", "no"'],
    [{ news: 'constructor' }, 'news: "constructor" is not one of "yes", "no"'],
    [
      { since: '31.01.2026' },
      'since: is not an instant such as 2026-01-31 or 2026-01-31T14:30:00Z; if the file writes dates so, write dates: DD.MM.YYYY in the mapping',
    ],
    [{ since: '0001-01-31' }, 'since: is not an instant from 1900 to 2199'],
    [{ since: '9999-12-31' }, 'since: is not an instant from 1900 to 2199'],
    [{ since: '2026-02-30' }, 'since: is not an instant such as 2026-01-31 or 2026-01-31T14:30:00Z'],
    [{ since: '14:30' }, 'since: is not an instant such as 2026-01-31 or 2026-01-31T14:30:00Z'],
    [{ mail: 'x', mobile: 'y' }, 'mail: is not an e-mail address; mobile: is not a phone number'],
  ])('refuses the row for %j', (cells, reason) => {
    expect(read(cells)).toEqual({ reason });
  });

  it('need the country of a number if the mapping has none', () => {
    const anywhere = parseMapping(`
import: small
currency: EUR
locale: en
customer: { external_id: { column: id }, monthly_charge: { column: charge, type: money }, tenure: { column: months, type: integer } }
contact_points: { phone: { column: mobile } }
`);
    expect(toCustomer(anywhere, good, 1)).toEqual({
      reason:
        'mobile: is not a phone number with its country, as in +44 20 7946 0958; if all are from one country, write default_country: GB, or another, in the mapping; if a column has it, country: { column: … }',
    });
    expect(toCustomer(anywhere, { ...good, mobile: '+44 7700 900123' }, 1)).toMatchObject({ addresses: [{ address: '+447700900123' }] });
  });

  it('cannot be consent that is dated in the future', () => {
    const customer = read();
    if ('reason' in customer) throw new Error(customer.reason);
    expect(whyNotYet(mapping, customer.consents, new Date('2026-01-31T13:25:00Z'))).toBeUndefined();
    expect(whyNotYet(mapping, customer.consents, new Date('2026-01-31T13:24:59Z'))).toBe('since: lies in the future');
  });

  it('never throw, for any cells', () => {
    const cells = fc.record({ mail: fc.string(), mobile: fc.string(), news: fc.string(), since: fc.string(), texts: fc.string() });
    fc.assert(
      fc.property(cells, (given) => {
        const result = read(given);
        return 'reason' in result ? result.reason.length > 0 : result.addresses.every(({ address }) => address !== '');
      }),
    );
  });
});
