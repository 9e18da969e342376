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

describe('a proposed mapping for a file', () => {
  it('states the format of the file, and the content of its columns', async () => {
    const yaml = await propose(bank);
    expect(parseMapping(yaml)).toMatchObject({
      encoding: 'windows-1252',
      locale: 'de',
      delimiter: ';',
      numbers: { decimal: ',', thousands: '.' },
      dates: 'DD.MM.YYYY',
      customer: { external_id: { column: 'Kundennr' }, name: { column: 'Name' }, locale: { column: 'Sprache' } },
      attributes: {
        churned_before: { column: 'Gekündigt', values: { Ja: true, Nein: false } },
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
        attributes: { churned_before: false, kontostand: 1201.11, kunde_seit: '2025-01-14', kundengruppe: 'geschäft' },
      },
    });
  });

  it('asks about another column of consent, and the import refuses the file until the mapping states it', async () => {
    const text = `id,email,mobile,newsletter,marketing consent\n1,a@x.test,+49 170 1234567,yes,yes\n2,b@x.test,+49 170 1234568,no,no\n`;
    const yaml = await propose(Buffer.from(text));
    expect(parseMapping(yaml)).toMatchObject({ consents: { email: { column: 'newsletter' } }, attributes: {} });
    expect(yaml).toMatch(/“marketing consent” speaks of consent as well/);
    const asked = "  # sms: { column: marketing consent, values: { 'yes': granted, 'no': withdrawn } }";
    expect(yaml.split('\n')).toContain(asked);
    await expect(read(Buffer.from(text), yaml)).rejects.toMatchObject({
      places: [{ where: 'marketing consent', what: 'is not a column of this import' }],
    });
    const rows = await read(Buffer.from(text), yaml.replace(asked, asked.replace('# ', '')));
    expect(rows[0]).toMatchObject({ customer: { consents: [{ channel: 'email' }, { channel: 'sms', granted: true }] } });
  });

  it('also asks about a second column for the same channel, which would replace the first', async () => {
    const text = `id,email,newsletter,email offers\n1,a@x.test,yes,yes\n2,b@x.test,no,no\n`;
    const yaml = await propose(Buffer.from(text));
    expect(yaml).toContain("  # email: { column: email offers, values: { 'yes': granted, 'no': withdrawn } }");
    expect(parseMapping(yaml)).toMatchObject({ consents: { email: { column: 'newsletter' } }, attributes: {} });
  });

  it('takes the country of phone numbers from a column, which stays an attribute by the name that the contact policy knows', async () => {
    const text = 'id,Mobil,Land\n1,0170 1234567,DE\n2,0660 1234567,AT\n3,07700 900101,\n';
    const yaml = await propose(Buffer.from(text));
    expect(parseMapping(yaml)).toMatchObject({
      contact_points: { phone: { column: 'Mobil', country: { column: 'Land' } } },
      attributes: { country: { column: 'Land', type: 'text' } },
    });
    const rows = await read(Buffer.from(text), yaml.replace('country: { column: Land }', 'country: { column: Land }, default_country: GB'));
    expect(rows.map((row) => ('customer' in row && 'addresses' in row.customer ? row.customer.addresses : row))).toMatchObject([
      [{ address: '+491701234567' }],
      [{ address: '+436601234567' }],
      [{ address: '+447700900101' }],
    ]);
  });

  it('names the attributes for rules and scores, in its comments', async () => {
    const yaml = await propose(bank);
    expect(yaml).toContain('#   kontostand: { type: number, description: ... }');
    expect(yaml).toContain('#   kundengruppe: { type: category }');
    expect(yaml).not.toContain('#   churned_before');
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

  it('does not state a currency that is not in the file', async () => {
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

  it('is refused for a file that is not text', async () => {
    await expect(propose(Buffer.from([0x50, 0x4b, 3, 4, 0]))).rejects.toMatchObject({ kind: 'invalid' });
    await expect(proposeMapping({ path: '/nowhere.csv' })).rejects.toMatchObject({ kind: 'not-found' });
  });

  describe('judges a column by the great majority of its cells', () => {
    const rows = Array.from({ length: 200 }, (_, index) => ({
      Kundennr: `K${1000 + index}`,
      'E-Mail': `k${index}@example.com`,
      Umsatz: `1.${200 + index},50`,
      'Kunde seit': `${13 + (index % 15)}.01.2025`,
      Newsletter: index % 2 === 0 ? 'ja' : 'nein',
      Gekündigt: index % 4 === 0 ? 'ja' : 'nein',
    }));
    const fileWith = (changes: readonly (readonly [row: number, Partial<(typeof rows)[number]>])[]): Buffer => {
      const of = new Map(changes);
      const lines = rows.map((row, index) => Object.values({ ...row, ...of.get(index) }).join(';'));
      return Buffer.from([Object.keys(rows[0] ?? {}).join(';'), ...lines].join('\n'));
    };

    it.each([
      ['a blank number', { Kundennr: '' }, 'external_id: { column: Kundennr } # 1 cell is blank, or repeated, in line 82'],
      [
        'a number that is there twice',
        { Kundennr: 'K1001' },
        'external_id: { column: Kundennr } # 1 cell is blank, or repeated, in line 82',
      ],
      ['no number', { Umsatz: 'k.A.' }, 'umsatz: { column: Umsatz, type: number } # 1 cell is no number, in line 82'],
      ['a number in another format', { Umsatz: '12.5' }, 'umsatz: { column: Umsatz, type: number } # 1 cell is no number, in line 82'],
      ['no date', { 'Kunde seit': 'unbekannt' }, 'kunde_seit: { column: Kunde seit, type: date } # 1 cell is no such date, in line 82'],
      ['another answer to a consent', { Newsletter: 'vielleicht' }, "'nein': withdrawn } } # 1 cell is none of these, in line 82"],
      [
        'another answer to who churned',
        { Gekündigt: 'weiß nicht' },
        'what the churn score learns from; 1 cell is none of these, in line 82',
      ],
      ['no e-mail address', { 'E-Mail': 'keine' }, "email: { column: 'E-Mail' } # 1 cell is no e-mail address, in line 82"],
    ])('%s', async (_, cells, line) => {
      const bytes = fileWith([[80, cells]]);
      const yaml = await propose(bytes);
      expect(yaml).toContain(`${line}: its row will be skipped`);
      expect(yaml).toContain("numbers: '1.234,56'");
      expect(yaml).toContain('dates: DD.MM.YYYY');
      expect(parseMapping(yaml).attributes).toHaveProperty('churned_before.values');
      const passedOver = (await read(bytes, yaml)).filter((row) => 'reason' in row);
      expect(passedOver.map(({ line: at }) => at)).toEqual([82]);
    });

    it('with how many there are, and the first lines', async () => {
      const yaml = await propose(fileWith([80, 90, 100, 110].map((row) => [row, { Newsletter: 'vielleicht' }])));
      expect(yaml).toContain('# 4 cells are none of these, first in line 82, 92, 102: their rows will be skipped');
    });

    it('by a smaller majority if its name shows the content', async () => {
      const odd = Array.from({ length: 30 }, (_, index) => [index * 2, { Umsatz: '-', Newsletter: '?', Kundennr: '' }] as const);
      const yaml = await propose(fileWith(odd));
      expect(parseMapping(yaml)).toMatchObject({
        customer: { external_id: { column: 'Kundennr' } },
        attributes: { umsatz: { type: 'number' } },
        consents: { email: { column: 'Newsletter' } },
      });
    });

    it('but does not read a count as an answer, or a balance as the customer’s number', async () => {
      const text = rows.map((_, index) => `K${index},${index === 5 ? 2 : index % 2},${index === 7 ? 1006 : 1000 + index}`);
      const yaml = await propose(Buffer.from(['id,children,Kontostand', ...text].join('\n')));
      expect(parseMapping(yaml).attributes).toMatchObject({ children: { type: 'integer' }, kontostand: { type: 'integer' } });
    });
  });

  it.each([
    ['Einwilligung E-Mail', 'Einwilligung SMS', 'Einwilligung E-Mail am', 'Einwilligung SMS am'],
    ['Einwilligung E-Mail', 'Einwilligung SMS', 'Datum Einwilligung E-Mail', 'Datum Einwilligung SMS'],
    ['Newsletter', 'SMS-Werbung', 'Newsletter seit', 'SMS seit'],
    ['email_opt_in', 'sms_opt_in', 'email_opt_in_at', 'sms_opt_in_date'],
    ['emailConsent', 'smsConsent', 'emailConsentDate', 'smsConsentDate'],
    ['marketing email', 'marketing text', 'email date', 'text date'],
  ])('finds the date of each consent by the words they share: %s, %s', async (email, sms, emailAt, smsAt) => {
    for (const day of [(at: number) => `${13 + at}.01.2025`, (at: number) => `2025-01-${13 + at}`]) {
      for (const dates of [
        [emailAt, smsAt],
        [smsAt, emailAt],
      ]) {
        const lines = Array.from({ length: 12 }, (_, at) =>
          [`K${at}`, `k${at}@example.com`, `0170 12345${10 + at}`, day(at), day(at), ...(at % 2 ? ['ja', 'nein'] : ['nein', 'ja'])].join(
            ';',
          ),
        );
        const yaml = await propose(Buffer.from([['id', 'E-Mail', 'Mobil', ...dates, email, sms].join(';'), ...lines].join('\n')));
        expect(parseMapping(yaml)).toMatchObject({
          attributes: {},
          consents: { email: { column: email, given_at: { column: emailAt } }, sms: { column: sms, given_at: { column: smsAt } } },
          ignore: [],
        });
        expect(yaml).not.toContain('For rules to see');
      }
    }
  });

  it('gives the one date that names no channel to one consent, and a date of another kind to none', async () => {
    const lines = Array.from({ length: 12 }, (_, at) =>
      [`K${at}`, `k${at}@example.com`, at % 2 ? 'ja' : 'nein', `${13 + at}.01.2025`].join(';'),
    );
    const yaml = await propose(Buffer.from(['id;E-Mail;Newsletter;Kunde seit', ...lines].join('\n')));
    expect(parseMapping(yaml)).toMatchObject({ attributes: { kunde_seit: { type: 'date' } } });
    expect(parseMapping(yaml).consents?.email?.given_at).toBeUndefined();
  });
});
