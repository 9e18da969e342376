import { Readable } from 'node:stream';
import { parseMapping } from './mapping.js';
import { proposeMapping } from './propose-mapping.js';
import { readCustomers, type ReadRow } from './read-customers.js';

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const propose = (bytes: Buffer) => proposeMapping({ stream: Readable.from([bytes]) });
async function read(bytes: Buffer, yaml: string): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of readCustomers({ stream: Readable.from([bytes]) }, parseMapping(yaml))) rows.push(row);
  return rows;
}

const header = 'Kundennr;Name;E-Mail;Mobil;Sprache;Kundengruppe;Kontostand;Kunde seit;Newsletter;SMS-Werbung;Gekündigt;PLZ;Notiz';
const bank = latin(
  [
    header,
    ...Array.from({ length: 40 }, (_, index) =>
      [
        `K${1000 + index}`,
        `Jörg Müller ${index}`,
        `kunde${index}@example.com`,
        `0170 12345${10 + index}`,
        'de',
        ['Privat', 'Geschäft', 'Jugend'][index % 3],
        `1.${200 + index},${10 + index}`,
        `${13 + (index % 15)}.01.2025`,
        index % 2 === 0 ? 'ja' : 'nein',
        index % 2 === 0 ? 'x' : '',
        index % 4 === 0 ? 'Ja' : 'Nein',
        `0${1000 + (index % 7)}`,
        `frei ${index} geschrieben`,
      ].join(';'),
    ),
    '',
  ].join('\r\n'),
);

describe('a mapping that is proposed for a file', () => {
  it('says how the file is written, and what its columns hold', async () => {
    const yaml = await propose(bank);
    expect(parseMapping(yaml)).toMatchObject({
      encoding: 'windows-1252',
      delimiter: ';',
      numbers: { decimal: ',', thousands: '.' },
      dates: 'DD.MM.YYYY',
      customer: { external_id: { column: 'Kundennr' }, name: { column: 'Name' }, locale: { column: 'Sprache' } },
      attributes: {
        left_before: { column: 'Gekündigt', values: { Ja: true, Nein: false } },
        kundengruppe: { column: 'Kundengruppe', type: 'keyword' },
        kontostand: { column: 'Kontostand', type: 'number' },
        kunde_seit: { column: 'Kunde seit', type: 'date' },
        plz: { column: 'PLZ', type: 'keyword' },
      },
      contact_points: { email: { column: 'E-Mail' }, phone: { column: 'Mobil' } },
      consents: {
        email: { column: 'Newsletter', values: { ja: 'granted', nein: 'withdrawn' } },
        sms: { column: 'SMS-Werbung', values: { x: 'granted' } },
      },
      ignore: ['Notiz'],
    });
  });

  it('reads the file', async () => {
    const yaml = (await propose(bank)).replace('phone: { column: Mobil }', 'phone: { column: Mobil, default_country: DE }');
    const rows = await read(bank, yaml);
    expect(rows.filter((row) => 'reason' in row)).toEqual([]);
    expect(rows[1]).toMatchObject({
      customer: {
        externalId: 'K1001',
        name: 'Jörg Müller 1',
        attributes: { left_before: false, kontostand: 1201.11, kunde_seit: '2025-01-14', kundengruppe: 'geschäft' },
      },
    });
  });

  it('names the attributes for rules and scores, in its comments', async () => {
    const yaml = await propose(bank);
    expect(yaml).toContain('#   kontostand: { type: number, description: ... }');
    expect(yaml).toContain('#   kundengruppe: { type: category }');
    expect(yaml).not.toContain('#   left_before');
  });

  it.each([
    ['dates', 'id,since\n1,01/02/2025\n2,03/04/2025\n', ['# dates: DD/MM/YYYY', '# dates: MM/DD/YYYY']],
    ['numbers', 'id,balance\n1,1.234\n2,5.678\n', ["# numbers: '1234.56'", "# numbers: '1.234,56'"]],
  ])('leaves open what could be meant in two ways, and the import refuses it until somebody says: %s', async (_, text, lines) => {
    const bytes = Buffer.from(text);
    const yaml = await propose(bytes);
    for (const line of lines) expect(yaml.split('\n')).toContain(line);
    expect((await read(bytes, yaml)).every((row) => 'reason' in row)).toBe(true);
    const said = yaml.replace(lines[0] ?? '', (lines[0] ?? '').slice(2));
    expect((await read(bytes, said)).every((row) => 'customer' in row)).toBe(true);
  });

  it('does not say a currency that the file does not', async () => {
    const text = 'id,monthly charge\n1,10.50\n2,11.50\n';
    expect(() =>
      parseMapping('import: x\ncustomer: { external_id: { column: id }, monthly_charge: { column: a, type: money } }'),
    ).toThrow();
    const yaml = await propose(Buffer.from(text));
    expect(yaml).toContain('monthly_charge: { column: monthly charge, type: money }');
    expect(() => parseMapping(yaml)).toThrow(/currency: is missing/);
    expect(parseMapping(await propose(Buffer.from(text.replaceAll('.50', '.50 €')))).currency).toBe('EUR');
  });

  it.each([
    ['no identifier', 'colour\nred\nred\n'],
    [
      'names that YAML would take for others',
      'id,"a: b","yes",#x,- y,constructor,__proto__\n1,a,b,c,d,e,f\n2,a,b,c,d,e,f\n3,a,b,c,d,e,f\n4,a,b,c,d,e,f\n5,a,b,c,d,e,f\n6,a,b,c,d,e,f\n',
    ],
    ['columns whose names become one', 'id,A b,A-b,1st\n1,3,4,5\n2,3,4,5\n'],
    ['a header alone', 'id,name\n'],
  ])('is one that can be read, for a file with %s', async (_, text) => {
    const bytes = Buffer.from(text);
    const rows = await read(bytes, await propose(bytes));
    expect(rows.filter((row) => 'reason' in row)).toEqual([]);
  });

  it('is refused for what is no text', async () => {
    await expect(propose(Buffer.from([0x50, 0x4b, 3, 4, 0]))).rejects.toMatchObject({ kind: 'invalid' });
    await expect(proposeMapping({ path: '/nowhere.csv' })).rejects.toMatchObject({ kind: 'not-found' });
  });
});
