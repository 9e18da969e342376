import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CampaignState } from '../../../../libs/campaigns/campaign.entity.js';
import { commandsIn, type CampaignCommand } from '../../../../libs/campaigns/campaign-states.js';
import { createCampaign } from '../../../../libs/campaigns/campaigns.js';
import { listPublications } from '../../../../libs/content/publications.js';
import { changeState } from '../../../../libs/lifecycle/change-state.js';
import { projectFile } from '../../../../libs/platform/project-file.js';
import { testEnvironment } from '../../../../test/harness/api.js';
import { publishedContent, shippedDocuments } from '../../../../test/harness/content.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { testNow } from '../../../../test/harness/factories.js';
import { printedBy } from '../../../../test/harness/printed.js';
import { campaignCommand } from './campaign.js';

const file = projectFile('config', 'campaigns', 'save-at-risk.yaml');
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
const run = (...args: string[]): Promise<string> => printedBy(() => campaignCommand().exitOverride().parseAsync(args, { from: 'user' }));

const ways: Readonly<Record<CampaignState, readonly CampaignCommand[]>> = {
  draft: [],
  live: ['launch'],
  paused: ['launch', 'pause'],
  completed: ['launch', 'complete'],
  cancelled: ['launch', 'cancel'],
};

/** The campaign of the file, in a given state. */
async function campaignThatIs(state: CampaignState): Promise<string> {
  // Only part of the project's content, so that a publication by a launch is visible.
  await publishedContent(em, await shippedDocuments({ 'scores/churn.yaml': undefined, 'treatments/free-upgrade.yaml': undefined }));
  const source = (await readFile(file, 'utf8')).replace(', free-upgrade', '');
  const { campaignId, key } = await createCampaign(em(), source, { templates: ['save-offer', 'save-reminder'] }, testNow);
  for (const command of ways[state]) await em().transactional((tx) => changeState(tx, campaignId, command, testNow));
  return key;
}

describe.each(['cancelled', 'completed'] as const)('a campaign that is %s', (state) => {
  it.each(['launch', 'draft'])('is not stored again by %s, whatever its text, and publishes nothing', async (command) => {
    await campaignThatIs(state);
    await expect(run(command, file)).rejects.toMatchObject({
      kind: 'conflict',
      title: `The campaign save-at-risk is ${state} and enrols nobody any more`,
      remedy: 'Launch it under another key.',
    });
    expect(await listPublications(em(), null, 5)).toHaveLength(1);
  });

  it('launches no stored version, enrols nobody, and accepts no command', async () => {
    const key = await campaignThatIs(state);
    await expect(run('launch', key, '--version', '1')).rejects.toMatchObject({ kind: 'conflict' });
    await expect(run('enrol', key, '--audience')).rejects.toMatchObject({ kind: 'conflict', title: `The campaign is ${state}` });
  });
});

describe.each(Object.keys(ways) as CampaignState[])('a campaign that is %s', (state) => {
  it('refuses what its state does not allow, and lists what it allows', async () => {
    const key = await campaignThatIs(state);
    for (const command of ['pause', 'resume', 'cancel', 'complete'] as const) {
      if (commandsIn(state).includes(command)) continue;
      await expect(run(command, key)).rejects.toMatchObject({
        kind: 'conflict',
        title: `A ${state} campaign does not accept ${command}`,
        remedy: expect.stringContaining(commandsIn(state).join(', ') || 'another key') as string,
      });
    }
  });
});

it('repin is refused for a campaign that no longer sends', async () => {
  await expect(run('repin', await campaignThatIs('cancelled'))).rejects.toMatchObject({
    kind: 'conflict',
    title: 'The campaign is cancelled',
  });
});

it('files that are not UTF-8 are refused with their name and the place', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'campaign-'));
  try {
    const path = join(folder, 'mine.yaml');
    writeFileSync(path, Buffer.from('campaign: a\ntitle: caf\xe9\n', 'latin1'));
    for (const command of ['validate', 'launch', 'draft'])
      await expect(run(command, path)).rejects.toMatchObject({
        kind: 'invalid',
        places: [{ where: path, what: 'is not valid UTF-8 in line 2 (byte 23): save it as UTF-8' }],
      });
    await expect(run('validate', join(folder, 'absent.yaml'))).rejects.toMatchObject({ kind: 'not-found' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
