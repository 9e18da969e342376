import { readFile } from 'node:fs/promises';
import { createCampaign, findCampaign } from '../../../../libs/campaigns/campaigns.js';
import { changeState } from '../../../../libs/lifecycle/change-state.js';
import { listVersions } from '../../../../libs/campaigns/versions.js';
import { newId } from '../../../../libs/platform/ids.js';
import { announcePresence } from '../../../../libs/access/processes.js';
import { projectFile } from '../../../../libs/platform/project-file.js';
import { publishedContent } from '../../../../test/harness/content.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { testEnvironment } from '../../../../test/harness/api.js';
import { testNow } from '../../../../test/harness/factories.js';
import { campaignCommand } from './campaign.js';

let db: TestDatabase;
const before = process.env;
beforeAll(async () => {
  db = await createTestDatabase();
  process.env = {
    ...before,
    ...testEnvironment(db.url),
  };
});
afterAll(async () => {
  process.env = before;
  await db.close();
});

const em = () => db.orm.em.fork();
const command = (...args: string[]): Promise<unknown> => campaignCommand().exitOverride().parseAsync(args, { from: 'user' });

it('campaign launch KEY --version N launches a draft, and goes back to a past version', async () => {
  const { version: publication } = await publishedContent(em);
  for (const kind of ['worker', 'dispatcher'] as const)
    await announcePresence(em(), { id: newId(), kind, host: 'here', pid: 1, publication });
  const text = await readFile(projectFile('config', 'campaigns', 'save-at-risk.yaml'), 'utf8');
  const store = (source: string) => createCampaign(em(), source, { templates: ['save-offer', 'save-reminder'] }, testNow);
  const { campaignId, key } = await store(text);
  await em().transactional((tx) => changeState(tx, campaignId, 'launch', testNow));
  await store(`${text}\npriority: 7\n`);
  const states = async () => (await listVersions(em(), campaignId, null, 10)).map(({ state }) => state);
  expect(await states()).toEqual(['draft', 'live']);
  await command('launch', key, '--version', '2');
  expect(await states()).toEqual(['live', 'past']);
  expect(await findCampaign(em(), key)).toMatchObject({ version: 2, priority: 7 });
  await command('launch', key, '--version', '1');
  expect(await states()).toEqual(['past', 'live']);
  await expect(command('launch', key, '--version', '9')).rejects.toMatchObject({ kind: 'not-found' });
  await expect(command('launch', key, '--version', 'two')).rejects.toThrow();
  expect(await states()).toEqual(['past', 'live']);
});
