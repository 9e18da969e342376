import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPublications } from '../../../../libs/content/publications.js';
import { projectFile } from '../../../../libs/platform/project-file.js';
import { publish } from '../../../../libs/publishing/publish.js';
import { testEnvironment } from '../../../../test/harness/api.js';
import { shippedDocuments } from '../../../../test/harness/content.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { testNow } from '../../../../test/harness/factories.js';
import { printedBy } from '../../../../test/harness/printed.js';
import { campaignCommand } from './campaign.js';
import { publishCommand, publishedCommand } from './publish.js';

const upgrade = 'treatments/free-upgrade.yaml';
let db: TestDatabase;
let folder: string;
const before = process.env;
beforeEach(async () => {
  db = await createTestDatabase();
  process.env = { ...before, ...testEnvironment(db.url) };
  folder = mkdtempSync(join(tmpdir(), 'content-'));
  cpSync(projectFile('config'), folder, { recursive: true });
});
afterEach(async () => {
  process.env = before;
  rmSync(folder, { recursive: true });
  await db.close();
});

const em = () => db.orm.em.fork();

/** @returns what it printed */
const run = (command: ReturnType<typeof publishCommand>, ...args: string[]): Promise<string> =>
  printedBy(() => command.exitOverride().parseAsync(args, { from: 'user' }));

it('publish publishes a folder, lists the changes, and goes back to an older version', async () => {
  expect(await run(publishCommand(), folder, '--author', 'ada')).toContain('Published as version 1.');
  rmSync(join(folder, upgrade));
  expect(await run(publishCommand(), folder, '--dry-run')).toBe(`  - ${upgrade}\nNothing was published: this was a dry run.`);
  expect(await run(publishCommand(), folder, '--author', 'bob', '--note', 'No upgrades')).toContain('Published as version 2.');
  expect(await run(publishCommand(), folder)).toContain('There are no changes since the publication (version 2).');
  expect(await run(publishCommand(), '--rollback', '1', '--author', 'ada')).toBe(`  + ${upgrade}\nPublished as version 3.`);
  const list = await run(publishedCommand());
  for (const shown of ['ada', 'bob', 'No upgrades', 'again as version 1', `- ${upgrade}`]) expect(list).toContain(shown);
});

it('publish is refused as a whole, onto an unseen version, and from a folder without content', async () => {
  await run(publishCommand(), folder);
  writeFileSync(join(folder, upgrade), 'treatment: [');
  await expect(run(publishCommand(), folder)).rejects.toMatchObject({ kind: 'invalid' });
  await expect(run(publishCommand(), '--rollback', '1', '--onto', '0')).rejects.toMatchObject({ kind: 'conflict' });
  await expect(run(publishCommand(), join(folder, 'imports'))).rejects.toMatchObject({ kind: 'not-found' });
  expect((await listPublications(em(), null, 5)).length).toBe(1);
});

it('publish names every file that cannot be read or would be ignored, with advice', async () => {
  writeFileSync(join(folder, upgrade), Buffer.from('title: caf\xe9', 'latin1'));
  symlinkSync('/nowhere/at/all', join(folder, 'treatments', 'link.yaml'));
  mkdirSync(join(folder, 'treatments', 'folder.yaml'));
  writeFileSync(join(folder, 'templates', 'save-offer', 'it.yml'), '');
  mkdirSync(join(folder, 'treatments', 'old'));
  writeFileSync(join(folder, 'treatments', 'old', 'x.yaml'), '');
  const refused: unknown = await run(publishCommand(), folder).catch((error: unknown) => error);
  expect((refused as { places: unknown }).places).toEqual(
    expect.arrayContaining([
      { where: upgrade, what: 'is not valid UTF-8 in line 1 (byte 11): save it as UTF-8' },
      { where: 'treatments/link.yaml', what: expect.stringContaining('a link to a file that does not exist') as string },
      { where: 'treatments/folder.yaml', what: expect.stringContaining('is a folder') as string },
      { where: 'templates/save-offer/it.yml', what: 'has to be named templates/save-offer/it.yaml' },
      { where: 'treatments/old/x.yaml', what: expect.stringContaining('move or remove it') as string },
    ]),
  );
});

it('publish refuses a folder beside a rollback', async () => {
  await run(publishCommand(), folder);
  await expect(run(publishCommand(), folder, '--rollback', '1')).rejects.toMatchObject({
    kind: 'invalid',
    title: 'A folder and --rollback cannot be published together',
  });
});

it('a stored campaign publishes what it needs from the files here, and reports it', async () => {
  const documents = await shippedDocuments({ [upgrade]: undefined, 'scores/churn.yaml': undefined });
  await publish(em(), { documents, author: 'somebody' }, 'en', testNow);
  const said = await run(campaignCommand(), 'draft', projectFile('config', 'campaigns', 'save-at-risk.yaml'));
  expect(said).toContain(`Published as version 2, because the files here differ from the publication:\n  + ${upgrade}`);
  expect(said).toContain('save-at-risk, version 1: draft');
  expect(await listPublications(em(), null, 1)).toMatchObject([{ version: 2, changes: [{ path: upgrade, change: 'added' }] }]);
});
