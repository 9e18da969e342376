import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decodeUtf8, readWrittenFile } from './written-file.js';

describe('a text in UTF-8', () => {
  it('is read as it is, its mark and all', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(decodeUtf8(Buffer.from(text))).toBe(text.toWellFormed())));
    expect(decodeUtf8(Buffer.from('\ufeffa'))).toBe('\ufeffa');
  });

  it.each([
    ['Latin-1 within a line', Buffer.from('a: b\nc: caf\xe9 x\n', 'latin1'), 'in line 2 (byte 12)'],
    ['Latin-1 before the end of a line', Buffer.from('a: caf\xe9\nb: c\n', 'latin1'), 'in line 1 (byte 7)'],
    ['a character that is cut off', Buffer.from('a: \u20ac').subarray(0, 5), 'in line 1 (byte 4)'],
    ['UTF-16', Buffer.from('\ufeffa: b', 'utf16le'), 'in line 1 (byte 1)'],
    ['a long file', Buffer.concat([Buffer.from('\u00e9\n'.repeat(100_000)), Buffer.from([0xff])]), 'in line 100001 (byte 300001)'],
  ])('is not %s, and the place is said', (_, bytes, where) => {
    expect(() => decodeUtf8(bytes)).toThrow(`is not valid UTF-8 ${where}: save it as UTF-8`);
  });
});

describe('a file that somebody wrote', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'written-'))));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is refused with its name where it is not UTF-8, is a folder, or is not there', async () => {
    const path = join(folder, 'campaign.yaml');
    writeFileSync(path, Buffer.from('title: caf\xe9\n', 'latin1'));
    await expect(readWrittenFile(path, 'campaign')).rejects.toMatchObject({
      kind: 'invalid',
      places: [{ where: path, what: 'is not valid UTF-8 in line 1 (byte 11): save it as UTF-8' }],
    });
    await expect(readWrittenFile(folder, 'campaign')).rejects.toMatchObject({
      places: [{ where: folder, what: 'is a folder: name a file' }],
    });
    const absent = join(folder, 'absent.yaml');
    await expect(readWrittenFile(absent, 'campaign')).rejects.toMatchObject({ kind: 'not-found', title: `There is no campaign ${absent}` });
  });
});
