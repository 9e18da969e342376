import { createApiKey, findApiKey } from '../../../../libs/access/api-keys.js';
import { testEnvironment } from '../../../../test/harness/api.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { testNow } from '../../../../test/harness/factories.js';
import { printedBy } from '../../../../test/harness/printed.js';
import { keyCommand } from './key.js';
import { keysCommand } from './keys.js';

let db: TestDatabase;
const before = process.env;
beforeEach(async () => {
  db = await createTestDatabase();
  process.env = { ...before, ...testEnvironment(db.url) };
});
afterEach(async () => {
  process.env = before;
  await db.close();
});

const em = () => db.orm.em.fork();
const run = (...args: string[]): Promise<string> => printedBy(() => keysCommand().exitOverride().parseAsync(args, { from: 'user' }));

it('keys are listed without their text, and one is revoked by its name or id', async () => {
  const [crm, console_] = [await createApiKey(em(), 'crm', testNow), await createApiKey(em(), 'console', testNow)];
  const list = await run();
  for (const shown of ['crm', 'console', crm.id]) expect(list).toContain(shown);
  expect(list).not.toContain(crm.key);
  expect(await run('revoke', 'crm')).toContain(`Revoked crm (${crm.id})`);
  expect([await findApiKey(em(), crm.key), await findApiKey(em(), console_.key)]).toEqual([undefined, console_.id]);
  expect(await run('revoke', console_.id)).toContain('There is no key now');
  expect(await findApiKey(em(), console_.key)).toBeUndefined();
});

it('a key is made under a name on one line, and refused under an unreadable one', async () => {
  const made = await printedBy(() => keyCommand().exitOverride().parseAsync([' the\ncrm '], { from: 'user' }));
  expect(made).toMatch(/^API key for the crm \(shown once\): pk_/);
  await expect(keyCommand().exitOverride().parseAsync(['crm\u0007'], { from: 'user' })).rejects.toMatchObject({
    places: [{ where: 'the name', what: 'contains the control character U+0007' }],
  });
});

it('revoking is refused for an unknown key, a revoked one, and an ambiguous name', async () => {
  const [first, second] = [await createApiKey(em(), 'crm', testNow), await createApiKey(em(), 'crm', testNow)];
  await expect(run('revoke', 'cmr')).rejects.toMatchObject({ kind: 'not-found' });
  await expect(run('revoke', 'crm')).rejects.toMatchObject({ kind: 'conflict', places: [{ where: first.id }, { where: second.id }] });
  expect(await findApiKey(em(), first.key)).toBe(first.id);
  await run('revoke', first.id);
  await expect(run('revoke', first.id)).rejects.toMatchObject({ kind: 'not-found' });
});
