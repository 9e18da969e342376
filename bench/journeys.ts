import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { journeyCosts } from '../apps/hosting/journey-costs.js';
import { startStack } from '../apps/cli/src/stack/stack.js';
import { start as startWorker } from '../apps/worker/src/main.js';
import { readSettings } from '../config/settings.js';
import { migrate, openOrm } from '../libs/schema/orm.js';
import { projectFile } from '../libs/platform/project-file.js';
import { loadTreatmentFiles, saveTreatments } from '../libs/treatments/treatments.js';
import { BareFloor } from './journeys/bare.js';
import { realRound } from './journeys/real.js';
import type { BenchReport } from './report.js';

/** Journeys in each round; rounds of both kinds alternate, so that a slow spell of the machine meets both. */
const count = 250;
const rounds = 3;

/** How many journeys a second, and at what cost in Temporal, beside workflows of the same shape that do nothing. */
export async function run(report: BenchReport): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const stack = await startStack({ dataDir: projectFile('.perennial', 'bench'), fresh: true, durable: false, log: () => undefined });
  const settings = readSettings({ ...stack.env, PERENNIAL_LOG_LEVEL: 'warn' });
  const orm = await openOrm(settings.database);
  await migrate(orm);
  await saveTreatments(orm.em.fork(), await loadTreatmentFiles(projectFile('config', 'treatments')), new Date());
  const connection = await Connection.connect({ address: settings.temporal.address });
  const native = await NativeConnection.connect({ address: settings.temporal.address });
  const client = new Client({ connection, namespace: settings.temporal.namespace });
  const worker = await startWorker(settings);
  const floor = await BareFloor.start(native, client.workflow, settings.temporal.namespace);
  try {
    await realRound(orm, client.workflow, settings, 20);
    await floor.round(20);
    let real = 0;
    let bare = 0;
    for (let round = 0; round < rounds; round += 1) {
      bare += await floor.round(count);
      real += await realRound(orm, client.workflow, settings, count);
    }
    const costs = await journeyCosts(client, count);
    report.row('events_per_journey', costs.events, 'history events');
    report.row('actions_per_journey', costs.actions, 'billed actions');
    report.row('journeys_per_second', (rounds * count) / real, '1/s');
    report.row('bare_per_second', (rounds * count) / bare, '1/s');
    report.row('ratio_to_bare', bare / real, 'journeys / bare workflows');
  } finally {
    await floor.stop();
    await worker.close();
    await native.close();
    await connection.close();
    await orm.close();
    await stack.stop();
  }
}
