import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowClient } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { offerResources } from '../harness/offer-resources.js';
import { growingJourney } from './growing-journey.js';
import { skippedTime } from './skipped-time.js';

/**
 * Exports the histories that the replay spec replays, and replaces the existing ones: the product's own workflows and activities over the
 * shipped campaign, on servers that are started for it. One journey for each kind of answer and each other way through; one that goes on in
 * a new run; one campaign.
 *
 * npm run replay:export
 */
const folder = projectFile('test', 'replay', 'histories');
const { address, close } = await offerResources();
process.env['PERENNIAL_TEST_RESOURCES'] = address;
try {
  const histories = new Map<string, string>();
  const keep = async (workflows: WorkflowClient, name: string, workflowId: string, runId?: string): Promise<void> => {
    histories.set(name, withoutMachines(historyToJSON(await workflows.getHandle(workflowId, runId).fetchHistory())));
  };
  await skippedTime(keep);
  await growingJourney(keep);
  // Only now: a failure half-way keeps the existing ones.
  for (const file of await readdir(folder)) await rm(join(folder, file));
  for (const [name, history] of histories) await writeFile(join(folder, `${name}.json`), history);
  process.stdout.write(`${String(histories.size)} histories in ${folder}\n`);
} finally {
  await close();
}

/** The identity of a worker is its process and host, which nobody needs to know. */
function withoutMachines(history: string): string {
  return `${JSON.stringify(JSON.parse(history), (key, value: unknown) => (key === 'identity' ? undefined : value))}\n`;
}
