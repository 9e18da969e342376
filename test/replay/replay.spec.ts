import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { projectFile } from '../../libs/platform/project-file.js';
import { productBundle } from '../harness/temporal.js';

const folder = projectFile('test', 'replay', 'histories');
const histories = readdirSync(folder).filter((file) => file.endsWith('.json'));

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
});

describe('histories exported from real runs', () => {
  it('are there', () => {
    expect(histories.length).toBeGreaterThan(0);
  });

  it.each(histories)('%s replays on the workflows as they are now', async (file) => {
    const history: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    await Worker.runReplayHistory({ workflowBundle: await productBundle() }, history, file);
  });

  it.each(histories)('%s is an exported one: it says which SDK wrote it', (file) => {
    expect(readFileSync(join(folder, file), 'utf8')).toContain('coreUsedFlags');
  });
});
