import fc from 'fast-check';
import { toCustomer } from './imported-customer.js';
import { parseMapping } from './mapping.js';

const mapping = (more: string, currency = 'EUR') =>
  parseMapping(`
import: small
currency: ${currency}
${more}
customer:
  external_id: { column: id }
  monthly_charge: { column: charge, type: money }
  tenure: { column: months, type: integer }
attributes:
  usage: { column: usage, type: number }
  since: { column: since, type: date }
`);

function read(cells: Record<string, string>, more = '', currency = 'EUR') {
  return toCustomer(mapping(more, currency), { id: '1', ...cells }, 1);
}
const charge = (text: string, more = '', currency = 'EUR') => {
  const customer = read({ charge: text }, more, currency);
  return 'reason' in customer ? customer.reason : customer.monthlyCharge;
};
const attribute = (name: 'usage' | 'since', text: string, more = '') => {
  const customer = read({ [name]: text }, more);
  return 'reason' in customer ? customer.reason : customer.attributes[name];
};

describe('numbers as a file writes them', () => {
  it.each([
    ['', '1.000,00', `charge: "1.000,00" is not an amount; if the file writes numbers so, write numbers: '1.234,56' in the mapping`],
    [
      "numbers: '1234.56'",
      '1.000,00',
      `charge: "1.000,00" is not an amount; it is written as numbers: '1.234,56' has it, and the mapping says otherwise`,
    ],
    [
      "numbers: '1.234,56'",
      '1,000.00',
      `charge: "1,000.00" is not an amount; it is written as numbers: '1,234.56' has it, and the mapping says otherwise`,
    ],
  ])('are refused with the format they are written in: %s reads %s', (more, text, reason) => {
    expect(charge(text, more)).toBe(reason);
  });

  it.each([
    ['1.000,00', "'1.234,56'"],
    ['1,000.00', "'1,234.56'"],
    ['1 000,00', "'1 234,56'"],
    ['12,5', "'1234,56'"],
  ])('are declared by the example 1234.56: %s is likely %s', (text, meant) => {
    expect(() => mapping(`numbers: '${text}'`)).toThrow(`did you mean ${meant}?`);
  });

  it.each([
    ["numbers: '1234,56'", '39,90', 3990],
    ["numbers: '1234,56'", '1234,5', 123450],
    ["numbers: '1.234,56'", '1.234,56', 123456],
    ["numbers: '1.234,56'", '1.234', 123400],
    ["numbers: '1.234,56'", '39,90', 3990],
    ["numbers: '1,234.56'", '1,234.56', 123456],
    [`numbers: "1'234.56"`, "1'234.50", 123450],
    [`numbers: "1'234.56"`, '1’234.50', 123450],
    ["numbers: '1 234,56'", '1 234,56', 123456],
    ["numbers: '1 234,56'", '1\u00a0234,56', 123456],
    ["numbers: '1 234,56'", '1\u202f234,56', 123456],
    ["numbers: '1234.56'", '1234.5', 123450],
    ['', '39.90', 3990],
    ['', '€ 39.90', 3990],
    ['', '39.90 EUR', 3990],
    ["numbers: '1234,56'", '39,90 €', 3990],
  ])('are said in the mapping: %s reads %s', (more, text, minor) => {
    expect(charge(text, more)).toBe(minor);
  });

  it.each([
    ['1.234', 'could be thousands or decimals'],
    ['-1.234', 'could be thousands or decimals'],
    ['39,90', "write numbers: '1234,56' in the mapping"],
    ['1.234,56', "write numbers: '1.234,56' in the mapping"],
    ["1'234.50", `write numbers: "1'234.56" in the mapping`],
    ['1,234', "write numbers: '1234,56' or numbers: '1,234.56' in the mapping"],
    ['1 234,50', "write numbers: '1 234,56' in the mapping"],
    ['1e5', 'is not an amount'],
    ['NaN', 'is not an amount'],
    ['Infinity', 'is not an amount'],
    ['0x10', 'is not an amount'],
    ['٣٩', 'is not an amount'],
    ['39.9051', 'has more decimals than the 2 of EUR'],
    ['99999999999999999', 'is too large an amount'],
    ['39.90 USD', 'is in USD, and the mapping says EUR'],
    ['$39.90', 'is in $, and the mapping says EUR'],
    ['-5', 'charge: '],
  ])('are never guessed: %s', (text, why) => {
    expect(charge(text)).toEqual(expect.stringContaining(why));
  });

  it.each([
    ["numbers: '1.234,56'", '1.23'],
    ["numbers: '1.234,56'", '12.34,56'],
    ["numbers: '1,234.56'", '39,90'],
    ["numbers: '1234,56'", '1.234'],
    ["numbers: '1.234,56'", '1,2,3'],
  ])('must be as the mapping says: %s refuses %s', (more, text) => {
    expect(charge(text, more)).toEqual(expect.stringContaining('is not an amount'));
  });

  it('treats other numbers in the same way as money', () => {
    expect(attribute('usage', '1.234')).toEqual(expect.stringContaining('could be thousands or decimals'));
    expect(attribute('usage', '1.234', "numbers: '1234.56'")).toBe(1.234);
    expect(attribute('usage', '1.234', "numbers: '1.234,56'")).toBe(1234);
    expect(attribute('usage', '0.234')).toBe(0.234);
    expect(attribute('usage', '9007199254740993')).toEqual(expect.stringContaining('too large'));
    expect(read({ months: '1.200' }, "numbers: '1.234,56'")).toMatchObject({ tenure: 1200 });
  });

  it('can be stated for one column', () => {
    const given = parseMapping(`
import: small
currency: EUR
numbers: '1.234,56'
customer: { external_id: { column: id }, monthly_charge: { column: charge, type: money, numbers: '1234.56' } }
`);
    expect(toCustomer(given, { id: '1', charge: '39.90' }, 1)).toMatchObject({ monthlyCharge: 3990 });
  });

  it('are read back as they were written, in every format', () => {
    const formats = ['1234.56', '1,234.56', '1.234,56', '1 234,56', "1'234.56", '1234,56'];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000 }), fc.constantFrom(...formats), (minor, format) => {
        const [, thousands = '', decimal = '.'] = /^1(\D?)234(\D)56$/.exec(format) ?? [];
        const whole = String(Math.floor(minor / 100)).replace(/\B(?=(\d{3})+$)/g, thousands);
        const text = `${whole}${decimal}${String(minor % 100).padStart(2, '0')}`;
        expect(charge(text, `numbers: "${format}"`)).toBe(minor);
      }),
    );
  });

  it.each(["numbers: '1.234.56'", "numbers: '9.876,54'", 'numbers: comma', "numbers: '1x234,56'"])(
    'must be such an example: %s',
    (more) => {
      expect(() => mapping(more)).toThrow(/numbers: is the number 1234.56 as the file writes it/);
    },
  );
});

describe('amounts in a currency of other units', () => {
  it.each([
    ['JPY', '1200', 1200],
    ['JPY', '¥1200', 1200],
    ['KWD', '1.2', 1200],
    ['CLF', '0.0005', 5],
  ])('%s %s', (currency, text, minor) => {
    expect(charge(text, "numbers: '1234.56'", currency)).toBe(minor);
  });

  it.each(['XXX', 'EURO', 'eur', 'XAU'])('%s is no currency', (currency) => {
    expect(() => mapping('', currency)).toThrow(/currency: is not a currency of ISO 4217/);
  });
});

describe('dates as a file writes them', () => {
  it.each([
    ['dates: DD.MM.YYYY', '12.01.2025', '2025-01-12'],
    ['dates: DD.MM.YYYY', '1.2.2025', '2025-02-01'],
    ['dates: DD/MM/YYYY', '01/12/2025', '2025-12-01'],
    ['dates: MM/DD/YYYY', '01/12/2025', '2025-01-12'],
    ['dates: YYYY/MM/DD', '2025/01/12', '2025-01-12'],
    ['dates: DD.MM.YYYY', '2025-01-12', '2025-01-12'],
    ['', '2025-01-12', '2025-01-12'],
  ])('are said in the mapping: %s reads %s', (more, text, day) => {
    expect(attribute('since', text, more)).toBe(day);
  });

  it.each([
    ['', '12.01.2025', 'write dates: DD.MM.YYYY in the mapping'],
    ['', '01/12/2025', 'write dates: DD/MM/YYYY or dates: MM/DD/YYYY in the mapping'],
    ['', '12.01.25', 'is not a date'],
    ['dates: DD.MM.YYYY', '01/12/2025', 'is not a date written DD.MM.YYYY'],
    ['dates: DD.MM.YYYY', '31.02.2025', 'is not a day of the calendar'],
    ['dates: MM/DD/YYYY', '13/12/2025', 'is not a day of the calendar'],
  ])('are never guessed: %s and %s', (more, text, why) => {
    expect(attribute('since', text, more)).toEqual(expect.stringContaining(why));
  });

  it('are read for consents too', () => {
    const given = parseMapping(`
import: small
dates: DD.MM.YYYY
customer: { external_id: { column: id } }
contact_points: { email: { column: mail } }
consents:
  wording_version: '1'
  email: { column: news, values: { ja: granted }, given_at: { column: since, time_zone: Europe/Berlin } }
`);
    const row = { id: '1', mail: 'a@example.com', news: 'ja', since: '12.01.2025 14:30' };
    expect(toCustomer(given, row, 1)).toMatchObject({ consents: [{ at: new Date('2025-01-12T13:30:00Z') }] });
  });
});

describe('a customer with only a number in the file', () => {
  it('is valid', () => {
    const given = parseMapping('import: small\ncustomer: { external_id: { column: id } }');
    expect(toCustomer(given, { id: '1' }, 1)).toMatchObject({
      externalId: '1',
      monthlyCharge: null,
      currency: null,
      tenure: null,
      locale: null,
    });
  });

  it('needs a currency only for amounts', () => {
    const amounts = 'import: small\ncustomer: { external_id: { column: id }, monthly_charge: { column: c, type: money } }';
    expect(() => parseMapping(amounts)).toThrow(/currency: is missing: an amount needs a currency/);
  });
});

describe('texts of a row', () => {
  const named = parseMapping('import: small\ncustomer: { external_id: { column: id }, name: { column: name } }');
  const name = (text: string) => {
    const customer = toCustomer(named, { id: '1', name: text }, 1);
    return 'reason' in customer ? customer.reason : customer.name;
  };

  it.each([
    ['Ann\r\nExample', 'Ann Example'],
    ['Ann\tExample', 'Ann Example'],
    ['\u202eAnn\u202c', 'Ann'],
    ["'=1+1", '=1+1'],
    ["O'Neill", "O'Neill"],
    ["'Ann", "'Ann"],
  ])('stand on one line: %j', (text, stored) => {
    expect(name(text)).toBe(stored);
  });

  it.each([
    ['A\u0007nn', 'name: contains the control character U+0007'],
    ['A\ud800nn', 'name: contains half a character (an unpaired surrogate)'],
    ['A'.repeat(201), 'name: is longer than 200 characters'],
  ])('have bounds', (text, why) => {
    expect(name(text)).toBe(why);
  });
});
