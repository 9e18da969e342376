import { Readable } from 'node:stream';
import type { Problem } from '../../platform/problem.js';
import { parseMapping } from './mapping.js';
import { readCustomers, type ReadRow } from './read-customers.js';

const mapping = (more = '', name = 'name') =>
  parseMapping(`
import: small
${more}
customer:
  external_id: { column: id }
  name: { column: ${name} }
`);

async function read(text: string, given = mapping()): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of readCustomers({ stream: Readable.from([text]) }, given)) rows.push(row);
  return rows;
}
const rowsIn = async (text: string, given = mapping()) =>
  (await read(text, given)).map((row) =>
    'customer' in row ? [row.line, row.customer.externalId, row.customer.name] : [row.line, row.reason],
  );
const refusal = async (text: string, given = mapping()): Promise<Problem> =>
  read(text, given).then(
    () => Promise.reject(new Error('It was read')),
    (error: unknown) => error as Problem,
  );

describe('the layout of a file’s rows', () => {
  it.each([
    ['commas', 'id,name\n1,Ann\n'],
    ['semicolons', 'id;name\n1;Ann\n'],
    ['tabs', 'id\tname\n1\tAnn\n'],
    ['bars', 'id|name\n1|Ann\n'],
    ['line ends of Windows', 'id;name\r\n1;Ann\r\n'],
    ['line ends of old Macs', 'id;name\r1;Ann\r'],
    ['a header in quotation marks', '"id";"name"\n"1";"Ann"\n'],
    ['white space around the names', ' id ;\tname \n1;Ann\n'],
    ['no-break spaces around the names', '\u00a0id\u00a0;\ufeffname\u202f\n1;Ann\n'],
    ['blank columns at the end, as spreadsheets leave them', 'id;name;;\n1;Ann;;\n'],
  ])('is detected from the header where the mapping does not say: %s', async (_, text) => {
    expect(await rowsIn(text)).toEqual([[2, '1', 'Ann']]);
  });

  it.each(['sep=;\n', 'sep=;\r\n', 'SEP=;\n', '\ufeffsep=;\r\n'])(
    'is said by a first line of Excel, which is no header: %j',
    async (first) => {
      expect(await rowsIn(`${first}id;name\n1;Ann\n`)).toEqual([[3, '1', 'Ann']]);
    },
  );

  it.each([
    ['id;name\n1;Ann\n', "delimiter: ','", 'separated by ";", and the mapping says ","', "delimiter: ';'"],
    ['id\tname\n1\tAnn\n', "delimiter: ';'", 'separated by a tab, and the mapping says ";"', 'delimiter: tab'],
    ['id,name\n1,Ann\n', 'delimiter: tab', 'separated by ",", and the mapping says a tab', "delimiter: ','"],
    ['sep=;\nid;name\n1;Ann\n', "delimiter: ','", 'separated by ";"', "delimiter: ';'"],
  ])('is reported in one sentence where the mapping says otherwise: %j with %s', async (text, more, title, remedy) => {
    const problem = await refusal(text, mapping(more));
    expect(problem.places).toEqual([]);
    expect(problem.title).toContain(title);
    expect(problem.remedy).toContain(remedy);
  });

  it('skips empty rows, however many', async () => {
    const blank = Array.from({ length: 25 }, () => ',').join('\n');
    expect(await rowsIn(`id,name\n${blank}\n , \n,,,,\n\n1,Ann\nx,too,many\n`)).toEqual([
      [30, '1', 'Ann'],
      [31, 'has 3 cells, the header has 2'],
    ]);
  });

  it('counts lines correctly if a cell contains line breaks, of any kind', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['id,name', '1,"Ann', 'Example"', '', '2,Bob', 'bad', ''].join(end);
      expect(await rowsIn(text)).toEqual([
        [2, '1', 'Ann Example'],
        [5, '2', 'Bob'],
        [6, 'has 1 cells, the header has 2'],
      ]);
    }
  });

  it('compares names of columns as names', async () => {
    const given = mapping('', '"Full  Name"');
    expect(await rowsIn('id,Full\u00a0Name\n1,Ann\n', given)).toEqual([[2, '1', 'Ann']]);
    expect(await rowsIn('id,"Full\nName"\n1,Ann\n', given)).toEqual([[3, '1', 'Ann']]);
  });

  it.each([
    [
      'id,Name\n1,Ann\n',
      [
        { where: 'name', what: 'is missing; the file has "Name"' },
        { where: 'Name', what: 'is not a column of this import' },
      ],
    ],
    ['id,name,name\n1,Ann,Ann\n', [{ where: 'name', what: 'is there twice' }]],
    ['id,,name\n1,x,Ann\n', [{ where: 'column 2', what: 'has no name' }]],
  ])('says what is wrong with the header %j', async (text, places) => {
    expect((await refusal(text)).places).toEqual(places);
  });

  it('allows ignored columns twice', async () => {
    expect(await rowsIn('id,name,note,note\n1,Ann,a,b\n', mapping('ignore: [note]'))).toEqual([[2, '1', 'Ann']]);
  });
});
