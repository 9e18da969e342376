import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { journeyAnswers } from '../../libs/journeys/answers/table.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { productBundle } from '../harness/temporal.js';

const folder = projectFile('test', 'replay', 'histories');
const histories = readdirSync(folder).filter((file) => file.endsWith('.json'));

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
});

describe('histories exported from real runs', () => {
  it('exist for each answer of a journey, a pause, a silence, a new run, and a campaign', () => {
    const answers = journeyAnswers().map((answer) => `journey-answer-${answer}.json`);
    const others = ['journey-paused', 'journey-silence', 'journey-continues-as-new', 'journey-continued', 'campaign'];
    expect(histories).toEqual(expect.arrayContaining([...answers, ...others.map((name) => `${name}.json`)]));
    const growing = readFileSync(join(folder, 'journey-continues-as-new.json'), 'utf8');
    expect(growing).toContain('EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW');
  });

  it.each(histories)('%s replays on the present workflows', async (file) => {
    const history: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    await Worker.runReplayHistory({ workflowBundle: await productBundle() }, history, file);
  });

  it.each(histories)('%s is an exported one: it names the SDK that wrote it', (file) => {
    expect(readFileSync(join(folder, file), 'utf8')).toContain('coreUsedFlags');
  });
});
