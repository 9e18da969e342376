import { Problem } from '../../platform/problem.js';
import { projectFile } from '../../platform/project-file.js';
import { checkHeader, columnsOf, loadMapping, parseMapping } from './mapping.js';

const yaml = `
import: small
currency: EUR
locale: en
customer:
  external_id: { column: id }
  monthly_charge: { column: charge, type: money }
  tenure: { column: months, type: integer }
attributes:
  contract: { column: contract, type: keyword }
ignore: [note]
`;

function problemOf(act: () => unknown): Problem {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('It threw no problem');
}

describe('an import mapping', () => {
  it('accepts a header in any order, with the columns that it must ignore', () => {
    expect(() => checkHeader(parseMapping(yaml), ['note', 'months', 'contract', 'charge', 'id'])).not.toThrow();
  });

  it('contains no control character, however it is written', () => {
    const yaml = 'import: a\ncustomer: { external_id: { column: id }, plan: { column: plan, values: { A: "a\\ab" } } }';
    expect(() => parseMapping(yaml)).toThrow('customer.plan.values.A: contains the control character U+0007');
  });

  it('names every column that is missing, unknown, or duplicate', () => {
    const { kind, places } = problemOf(() => checkHeader(parseMapping(yaml), ['id', 'id', 'charge', 'contract', 'mood']));
    expect(kind).toBe('invalid');
    expect(places).toEqual([
      { where: 'months', what: 'is missing' },
      { where: 'mood', what: 'is not a column of this import' },
      { where: 'id', what: 'is there twice' },
    ]);
  });

  it('is refused with the place of the error', () => {
    const { places } = problemOf(() => parseMapping(yaml.replace('type: money', 'type: gold').replace('EUR', 'euro')));
    expect(places.map((place) => place.where)).toEqual(['currency', 'customer.monthly_charge.type']);
  });

  it('with consents needs the addresses they are given for, and countries and zones that exist', () => {
    const consent = "{ column: news, values: { 'yes': granted } }";
    const { places } = problemOf(() => parseMapping(`${yaml}consents: { wording_version: a, email: ${consent}, sms: ${consent} }`));
    expect(places).toEqual([
      { where: 'consents.email', what: 'needs contact_points.email: consent is given for an address' },
      { where: 'consents.sms', what: 'needs contact_points.phone: consent is given for an address' },
    ]);
    const wrong = problemOf(() =>
      parseMapping(`${yaml}
contact_points: { phone: { column: phone, default_country: England } }
consents: { wording_version: a, sms: { column: news, values: { 'yes': perhaps }, given_at: { column: since, time_zone: Mars } } }`),
    );
    expect(wrong.places.map(({ where }) => where)).toEqual([
      'contact_points.phone.default_country',
      'consents.sms.values.yes',
      'consents.sms.given_at.time_zone',
    ]);
  });

  it('counts the columns of addresses and consents among those it reads', () => {
    const mapping = parseMapping(`${yaml}
contact_points: { email: { column: mail } }
consents: { wording_version: a, email: { column: news, values: { 'yes': granted }, given_at: { column: since } } }`);
    expect([...columnsOf(mapping)]).toEqual(['id', 'charge', 'months', 'contract', 'mail', 'news', 'since']);
  });

  it('that is not YAML is refused with the line', () => {
    expect(problemOf(() => parseMapping('import: a\ncustomer: { a: b\n')).places).toMatchObject([{ where: 'line 3' }]);
  });

  it('of the project reads all columns of the file, the churn label as history', async () => {
    const mapping = await loadMapping(projectFile('config', 'imports', 'telco.yaml'));
    expect(columnsOf(mapping).size).toBe(20);
    expect(mapping.attributes['churned_before']?.column).toBe('churn');
  });

  it('is not found if there is none', async () => {
    await expect(loadMapping('/nowhere.yaml')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it.each([
    ['attributes:', 'attribute:', 'attribute', 'is not known here; did you mean attributes?'],
    ['tenure:', 'tenur:', 'customer.tenur', 'is not known here; did you mean tenure?'],
    ['column: id', 'colum: id', 'customer.external_id.colum', 'is not known here; did you mean column?'],
    ['column: contract', 'columm: contract', 'attributes.contract.columm', 'is not known here; did you mean column?'],
    ['ignore:', 'consents: { wording_version: a, e-mail: {} }\nignore:', 'consents.e-mail', 'is not known here; did you mean email?'],
    [
      'ignore:',
      'shoe_size: 4\nignore:',
      'shoe_size',
      'is not known here; known are import, currency, locale, encoding, delimiter, numbers, dates, customer, attributes, contact_points, consents, ignore',
    ],
    [
      'type: keyword',
      'type: int',
      'attributes.contract.type',
      'must be one of text, keyword, integer, number, money, boolean, date; did you mean integer?',
    ],
    [
      'type: keyword',
      'type: string',
      'attributes.contract.type',
      'must be one of text, keyword, integer, number, money, boolean, date; did you mean text?',
    ],
    [
      'type: keyword',
      'type: bool',
      'attributes.contract.type',
      'must be one of text, keyword, integer, number, money, boolean, date; did you mean boolean?',
    ],
    ['type: keyword', 'typ: keyword', 'attributes.contract.typ', 'is not known here; did you mean type?'],
  ])('names what is meant: %s written as %s', (right, written, where, what) => {
    const { places } = problemOf(() => parseMapping(yaml.replace(right, written)));
    expect(places).toContainEqual({ where, what });
  });

  it('names the column of the file that is nearest to a missing one', () => {
    const { places } = problemOf(() => checkHeader(parseMapping(yaml), ['id', 'charge', 'Month', 'contrct']));
    expect(places).toContainEqual({ where: 'contract', what: 'is missing; did you mean contrct?' });
    expect(places).toContainEqual({ where: 'months', what: 'is missing; did you mean Month?' });
    const ident = yaml.replace('column: id', 'column: Kundennumer');
    const other = problemOf(() => checkHeader(parseMapping(ident), ['Kundennummer', 'charge', 'months', 'contract']));
    expect(other.places).toContainEqual({ where: 'Kundennumer', what: 'is missing; did you mean Kundennummer?' });
  });
});
