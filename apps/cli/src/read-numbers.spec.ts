import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readNumbers } from './read-numbers.js';

describe('readNumbers', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'numbers-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  async function read(content: string | Buffer, size = 1_000, column?: string): Promise<string[][]> {
    const file = join(dir, 'numbers.csv');
    writeFileSync(file, content);
    const pages: string[][] = [];
    for await (const page of readNumbers(file, size, column)) pages.push(page);
    return pages;
  }

  it.each([
    ['a number a line', 'A-1\nA-2\n', ['A-1', 'A-2']],
    [
      'a header, semicolons, a byte order mark, Windows lines',
      '\uFEFFexternal_id;name\r\nA-1;Ada\r\n\r\nA-2;"Cem; jr."\r\n',
      ['A-1', 'A-2'],
    ],
    ['tabs and blanks', ' A-1 \tx\nA-2\ty', ['A-1', 'A-2']],
    ['lines of other lengths', 'A-1,a,b\nA-2\n,c\n', ['A-1', 'A-2']],
  ])('takes the first column of %s', async (_, content, numbers) => {
    expect(await read(content)).toEqual([numbers]);
  });

  it('takes the requested column, and lists the existing ones', async () => {
    expect(await read('name;Number\nAda;7\nCem;8\n', 10, 'number')).toEqual([['7', '8']]);
    await expect(read('name;Number\nAda;7\n', 10, 'nr')).rejects.toMatchObject({
      places: [{ what: 'is not one of its columns, which are name, Number' }],
    });
  });

  it('gives a large file in pages', async () => {
    const pages = await read(Array.from({ length: 25_000 }, (_, n) => `n${String(n)}`).join('\n'));
    expect(pages.map(({ length }) => length)).toEqual(Array.from({ length: 25 }, () => 1_000));
  });

  it.each<[string, string | Buffer]>([
    ['line with the delimiter', 'sep=;\r\nid;name\r\nA-1;Ada\r\nA-2;Cem\r\n'],
    ['character that nobody sees', 'id\nA-\u200b1\n\u00a0A-2\u00ad\n'],
    ['form in UTF-16, as Excel’s Unicode text', Buffer.from('\ufeffid\tname\r\nA-1\tAda\r\nA-2\tCem\r\n', 'utf16le')],
    ['packed form', gzipSync('id\nA-1\nA-2\n')],
    ['header of an old Mac', 'id\rA-1\rA-2\r'],
  ])('reads a file like the import: with a %s', async (_, content) => {
    expect(await read(content)).toEqual([['A-1', 'A-2']]);
  });

  it('removes the mark that a spreadsheet puts before a number', async () => {
    expect(await read("'+4477\n'007\n")).toEqual([['+4477', '007']]);
  });

  it('refuses a file that is not UTF-8, empty, a folder or missing, by name', async () => {
    await expect(read(Buffer.from('K\xfcrzel-1\n', 'latin1'))).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('UTF-8') as unknown,
    });
    await expect(read('')).rejects.toMatchObject({ kind: 'invalid', title: 'The file is empty' });
    await expect(readNumbers(dir, 10).next()).rejects.toMatchObject({ kind: 'invalid' });
    await expect(readNumbers(join(dir, 'none.csv'), 10).next()).rejects.toMatchObject({
      kind: 'not-found',
      title: 'There is no such file',
    });
  });
});
