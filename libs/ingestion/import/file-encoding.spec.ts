import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import type { Problem } from '../../platform/problem.js';
import { parseMapping } from './mapping.js';
import { readCustomers, type ReadRow } from './read-customers.js';

const mapping = (more = '') =>
  parseMapping(`
import: small
${more}
customer:
  external_id: { column: id }
  name: { column: name }
`);

/** Text in a single-byte encoding, by trying each byte. */
function encoded(text: string, encoding: string): Buffer {
  const decoder = new TextDecoder(encoding);
  const byteOf = new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte] as const));
  return Buffer.from(Array.from(text, (character) => byteOf.get(character) ?? 0x3f));
}
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

async function read(bytes: Buffer, given = mapping()): Promise<ReadRow[]> {
  // In small pieces, so that characters are divided.
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) => bytes.subarray(index * 7, index * 7 + 7));
  const rows: ReadRow[] = [];
  for await (const row of readCustomers({ stream: Readable.from(pieces) }, given)) rows.push(row);
  return rows;
}
const namesIn = async (bytes: Buffer, given = mapping()) =>
  (await read(bytes, given)).map((row) => ('customer' in row ? row.customer.name : row.reason));
const refusal = async (bytes: Buffer, given = mapping()): Promise<Problem> =>
  read(bytes, given).then(
    () => Promise.reject(new Error('It was read')),
    (error: unknown) => error as Problem,
  );

const file = 'id,name\n1,Jörg Müller\n2,Zoë Ångström\n';
const names = ['Jörg Müller', 'Zoë Ångström'];

describe('the encoding of a file', () => {
  it.each([
    ['UTF-8', Buffer.from(file)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${file}`)],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${file}`, 'utf16le')],
    ['UTF-16BE with a mark', utf16be(`\ufeff${file}`)],
    ['UTF-16LE without one', Buffer.from(file, 'utf16le')],
    ['UTF-16BE without one', utf16be(file)],
  ])('is detected from its bytes: %s', async (_, bytes) => {
    expect(await namesIn(bytes)).toEqual(names);
  });

  it.each(['windows-1252', 'iso-8859-1', 'iso-8859-15', 'macintosh'])('can be said: %s', async (encoding) => {
    expect(await namesIn(encoded(file, encoding), mapping(`encoding: ${encoding}`))).toEqual(names);
  });

  it('can be stated for other alphabets', async () => {
    expect(await namesIn(encoded('id,name\n1,Łukasz Żak\n', 'windows-1250'), mapping('encoding: windows-1250'))).toEqual(['Łukasz Żak']);
    expect(await namesIn(encoded('id,name\n1,Иван Петров\n', 'windows-1251'), mapping('encoding: windows-1251'))).toEqual(['Иван Петров']);
  });

  it.each([
    ['windows-1252', file],
    ['windows-1252', 'id,name\n1,“Quoted” – René\n'],
    ['macintosh', 'id,name\n1,Jörg Müller\n2,Zoë Ångström\n3,Renée Gräf\n'],
    ['windows-1251', 'id,name\n1,Иван Петров\n2,Мария Сидорова\n'],
    ['windows-1250', 'id,name\n1,Władysław Głąb\n2,Elżbieta Żółkoś\n'],
  ])('is refused by name where nobody said it, before a row is read: %s', async (encoding, text) => {
    const problem = await refusal(encoded(text, encoding));
    expect(problem).toMatchObject({ kind: 'invalid', title: 'The file is not in UTF-8' });
    expect(problem.places[0]?.where).toBe('line 2');
    expect(problem.remedy).toContain(`write encoding: ${encoding} in the mapping`);
  });

  it.each([
    [
      'says another one than the bytes prove',
      Buffer.from(file),
      'encoding: windows-1252',
      /is in UTF-8, and the mapping says windows-1252/,
    ],
    ['says UTF-8 and is not', encoded(file, 'windows-1252'), 'encoding: utf-8', /not in UTF-8 as it says/],
    [
      'is UTF-16 and another one is said',
      Buffer.from(file, 'utf16le'),
      'encoding: iso-8859-1',
      /is in utf-16le, and the mapping says iso-8859-1/,
    ],
    [
      'has bytes that its encoding does not know',
      Buffer.from([...Buffer.from('id,name\n1,'), 0xff, 0xff, 10]),
      'encoding: shift_jis',
      /not in shift_jis/,
    ],
    ['is UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x69, 0, 0, 0]), '', /UTF-32/],
    ['is a workbook', Buffer.from([0x50, 0x4b, 3, 4, 20, 0]), '', /spreadsheet workbook/],
    ['is an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), '', /spreadsheet workbook/],
    ['is a PDF', Buffer.from('%PDF-1.7\n'), '', /PDF/],
    ['is full of U+0000', Buffer.alloc(500), '', /U\+0000/],
    ['ends within a character', Buffer.concat([Buffer.from('id,name\n1,J'), Buffer.from([0xc3])]), '', /not in UTF-8/],
  ])('is refused where the file %s', async (_, bytes, more, title) => {
    const problem = await refusal(bytes, mapping(more));
    expect(problem.title).toMatch(title);
    expect(problem.kind).toBe('invalid');
  });

  it('follows a byte order mark, also against the mapping, because the file was saved again', async () => {
    expect(await namesIn(Buffer.from(`\ufeff${file}`), mapping('encoding: windows-1252'))).toEqual(names);
  });

  it('must be a known one', () => {
    expect(() => mapping('encoding: ebcdic')).toThrow(/encoding: is not an encoding such as/);
  });

  it('rejects only the row whose letters were already lost', async () => {
    expect(await namesIn(Buffer.from('id,name\n1,M\ufffdller\n2,Ann\n'))).toEqual([
      'name: holds the character U+FFFD: a letter was lost when the file was made',
      'Ann',
    ]);
  });

  it('never stores a letter that is not in the file, for any bytes', async () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'é', 'ü', 'ß', 'ø', 'Ł', 'ж'), minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        letters,
        fc.constantFrom('windows-1252', 'windows-1250', 'windows-1251', 'macintosh', 'utf-8'),
        async (name, encoding) => {
          const text = `id,name\n1,${name}\n`;
          const bytes = encoding === 'utf-8' ? Buffer.from(text) : encoded(text, encoding);
          const got = await namesIn(bytes).catch(() => undefined);
          const possible = new TextDecoder(encoding).decode(bytes).split(',').at(-1)?.trim();
          // Two letters of another encoding may have exactly the bytes of one UTF-8 letter, and nobody could distinguish them.
          const asUtf8 = isUtf8(bytes) ? bytes.toString('utf8').split(',').at(-1)?.trim() : undefined;
          expect(got === undefined || got[0] === possible || got[0] === asUtf8).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
