import { writeFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { currentSettings, defaultDataDir } from '../../apps/cli/src/running.js';
import { openOrm } from '../../libs/schema/orm.js';
import { query } from '../../libs/persistence/sql.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { campaignWorkflowId, journeyId } from '../../workflows/contract.js';

/**
 * Exports histories of a running demo for the replay spec: one journey for each outcome (the one with the most steps), and
 * the campaign. To be run when a change makes new kinds of history; the old ones stay, for journeys that began with them.
 *
 *   npm run demo                                       (in another terminal; wait for its table)
 *   node dist/test/replay/export.js <label>
 */
const [label] = process.argv.slice(2);
if (label === undefined) throw new Error('Give the histories a label, such as the version: node dist/test/replay/export.js v1');

const settings = await currentSettings(defaultDataDir);
const orm = await openOrm(settings.database);
const connection = await Connection.connect({ address: settings.temporal.address });
const { workflow } = new Client({ connection, namespace: settings.temporal.namespace });

const journeys = await query<{ id: string; outcome: string }>(
  orm.em.fork(),
  `select distinct on (e.outcome) e.id, e.outcome
   from enrolment e join step_visit v on v.enrolment_id = e.id
   where e.arm = 'treated' and e.state = 'closed'
   group by e.id, e.outcome order by e.outcome, count(*) desc, e.id`,
);
const campaigns = await query<{ id: string }>(orm.em.fork(), 'select id from campaign');
for (const { id, outcome } of journeys) await save(journeyId(id), `journey-${outcome}`);
for (const { id } of campaigns) await save(campaignWorkflowId(id), 'campaign');

await connection.close();
await orm.close();

async function save(workflowId: string, name: string): Promise<void> {
  const history = await workflow.getHandle(workflowId).fetchHistory();
  await writeFile(projectFile('test', 'replay', 'histories', `${String(label)}-${name}.json`), withoutMachines(historyToJSON(history)));
}

/** The identity of a worker is its process and host, which nobody needs to know. */
function withoutMachines(history: string): string {
  return `${JSON.stringify(JSON.parse(history), (key, value: unknown) => (key === 'identity' ? undefined : value))}\n`;
}
