import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { takeDataDirectory } from './data-directory.js';
import { StackProblem, type Environment, type PortName, type Surroundings } from './part.js';
import { takePorts, type PortWishes } from './ports.js';
import { loadSecrets } from './secrets.js';
import { mayReach, reachablePlace, unprivilegedUser } from './unprivileged-user.js';

/** The options for starting a stack. */
export interface StackOptions {
  readonly dataDir: string;
  /** The environment in which parts are searched (their addresses, the PATH) and programs run. Default: this process's own. */
  readonly env?: Environment;
  readonly log: (line: string) => void;
  /** Default false. */
  readonly temporalUi?: boolean;
  /** Default true: commits wait for the disk. */
  readonly durable?: boolean;
  /** Default false; true empties the directory first, after everything of an earlier stack has stopped. */
  readonly fresh?: boolean;
  /** Ports; those that the environment names are set as well. */
  readonly ports?: PortWishes;
}

/**
 * Locks the data directory and prepares what all parts need. Call `release` when every part has stopped.
 * @throws StackProblem when another stack has the directory
 */
export async function prepare(options: StackOptions): Promise<{ around: Surroundings; release: () => Promise<void> }> {
  const dataDir = await dataDirectoryFor(resolve(options.dataDir), options.log);
  // The stack makes settings instead of reading them, so it needs the environment before config/settings.ts.
  const env = options.env ?? process.env;
  const release = await takeDataDirectory(dataDir, options.fresh ?? false);
  try {
    const around: Surroundings = {
      env,
      dataDir,
      cacheDir: resolve(env['PERENNIAL_CACHE'] ?? join(homedir(), '.cache', 'perennial')),
      secrets: await loadSecrets(dataDir),
      ports: await takePorts(dataDir, { ...options.ports, set: { ...portsIn(env), ...options.ports?.set } }),
      durable: options.durable ?? true,
      temporalUi: options.temporalUi ?? false,
      log: options.log,
    };
    return { around, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** If root may not run PostgreSQL itself, the replacement user must be able to enter the data. */
async function dataDirectoryFor(wished: string, log: (line: string) => void): Promise<string> {
  const stand = await unprivilegedUser();
  if (stand === undefined || (await mayReach(wished, stand))) return wished;
  const instead = reachablePlace(wished);
  log(`Data are kept in ${instead}: PostgreSQL does not run as root, and the user ${stand.name} may not enter ${wished}`);
  return instead;
}

const variables: Readonly<Partial<Record<PortName, string>>> = {
  http: 'PERENNIAL_HTTP_PORT',
  inboundSmtp: 'PERENNIAL_INBOUND_SMTP_PORT',
  workerHealth: 'PERENNIAL_WORKER_HEALTH_PORT',
  dispatcherHealth: 'PERENNIAL_DISPATCHER_HEALTH_PORT',
};

/** The ports that the environment names. 0 names none: any that is free. */
function portsIn(env: Environment): NonNullable<PortWishes['set']> {
  const named = Object.entries(variables).flatMap(([name, by]) => {
    const text = env[by] ?? '';
    if (text === '' || text === '0') return [];
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      throw new StackProblem(`${by} is not a port: it must be a number from 1 to 65535.`);
    return [[name, { port, by }] as const];
  });
  return Object.fromEntries(named);
}
