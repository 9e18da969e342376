import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOutputFile } from '../../../libs/platform/output-file.js';
import { writeSkipped } from './write-skipped.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skipped-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('writes customers who are not enrolled as CSV in which no number is a formula', async () => {
  const path = join(folder, 'skipped.csv');
  await writeSkipped(await openOutputFile(path), [
    { id: 'A-1', reason: 'churned' },
    { id: '=1+1', reason: 'unknown' },
    { id: 'a,"b"', reason: 'unknown' },
    { id: '+4477', reason: 'objected' },
  ]);
  expect(await readFile(path, 'utf8')).toBe(
    ['number,reason', 'A-1,churned', `'=1+1,unknown`, '"a,""b""",unknown', `'+4477,objected`, ''].join('\r\n'),
  );
});

it('refuses a file that cannot be written before anybody is enrolled', async () => {
  await expect(openOutputFile(join(folder, 'none', 'skipped.csv'))).rejects.toMatchObject({ kind: 'not-found' });
});
