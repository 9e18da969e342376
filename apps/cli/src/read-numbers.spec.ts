import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('takes the column that is asked for, and says which there are', async () => {
    expect(await read('name;Number\nAda;7\nCem;8\n', 10, 'number')).toEqual([['7', '8']]);
    await expect(read('name;Number\nAda;7\n', 10, 'nr')).rejects.toMatchObject({
      places: [{ what: 'has no column nr; it has name, Number' }],
    });
  });

  it('gives a large file in pages', async () => {
    const pages = await read(Array.from({ length: 25_000 }, (_, n) => `n${String(n)}`).join('\n'));
    expect(pages.map(({ length }) => length)).toEqual(Array.from({ length: 25 }, () => 1_000));
    expect(await read('')).toEqual([]);
  });

  it('refuses another encoding by name', async () => {
    await expect(read(Buffer.from('K\xfcrzel-1\n', 'latin1'))).rejects.toMatchObject({
      places: [{ what: 'is not UTF-8; save it as CSV UTF-8' }],
    });
    await expect(read(Buffer.from('A-1\n', 'utf16le'))).rejects.toMatchObject({ kind: 'invalid' });
  });
});
