import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importCustomers } from '../../../../libs/ingestion/import/import-customers.js';
import { projectFile } from '../../../../libs/platform/project-file.js';
import { parseScoreDeclaration } from '../../../../libs/scoring/declaration.js';
import { testEnvironment } from '../../../../test/harness/api.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { printedBy } from '../../../../test/harness/printed.js';
import { scoresCommand } from './scores.js';

const file = projectFile('data', 'telco-churn.csv.gz');
const folder = mkdtempSync(join(tmpdir(), 'scores-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let db: TestDatabase;
const before = process.env;
beforeAll(async () => {
  db = await createTestDatabase();
  process.env = { ...before, ...testEnvironment(db.url) };
});
afterAll(async () => {
  process.env = before;
  process.exitCode = undefined;
  await db.close();
});
const run = (...args: string[]): Promise<string> => printedBy(() => scoresCommand().exitOverride().parseAsync(args, { from: 'user' }));

it('a declaration is drafted from a file, and is not written over one that is there', async () => {
  const out = join(folder, 'drafted.yaml');
  expect(await run('declare', '--from', file, '--out', out)).toContain(`Wrote ${out}`);
  expect(parseScoreDeclaration(readFileSync(out, 'utf8'))).toMatchObject({ score: 'churn', target: 'churned_before', model: 'best' });
  await expect(run('declare', '--from', file, '--out', out)).rejects.toMatchObject({ kind: 'conflict' });
});

it('a score is trained by a file for its own kind alone, and said to be in use', async () => {
  await importCustomers(db.orm.em.fork(), { path: file, mapping: projectFile('config', 'imports', 'telco.yaml'), now: new Date() });
  const out = join(folder, 'mine.yaml');
  await run('declare', '--out', out);
  const drafted = parseScoreDeclaration(readFileSync(out, 'utf8'));
  expect(drafted).toMatchObject({ score: 'churn', target: 'churned_before' });
  expect(Object.keys(drafted.features)).toEqual(expect.arrayContaining(['tenure', 'monthly_charge', 'contract']));
  const value = projectFile('config', 'scores', 'clv.yaml');
  await expect(run('train', 'churn', '--declaration', value)).rejects.toMatchObject({ kind: 'invalid' });
  const printed = await run('train', 'clv', '--declaration', value);
  expect(printed).toMatch(/Learnt from \d+ customers, measured on \d+ others\./);
  expect(printed).toMatch(/rank correlation 0\.\d+, off by [\d.]+ months/);
  expect(printed).toContain('It is in use now.');
  expect(await run('status')).toContain('rank correlation');
});

it('a training that is not good enough says why, and the command fails', async () => {
  const poor = join(folder, 'poor.yaml');
  writeFileSync(poor, '{ score: churn, title: Poor, model: logistic, target: churned_before, features: { gender: { type: category } } }');
  expect(await run('train', 'churn', '--declaration', poor)).toContain('It is not used:');
  expect(process.exitCode).toBe(2);
});
