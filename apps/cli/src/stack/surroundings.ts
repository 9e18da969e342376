import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { takeDataDirectory } from './data-directory.js';
import type { Environment, PortName, Surroundings } from './part.js';
import { takePorts } from './ports.js';
import { loadSecrets } from './secrets.js';
import { mayReach, reachablePlace, unprivilegedUser } from './unprivileged-user.js';

/** What the one who starts a stack decides. */
export interface StackOptions {
  readonly dataDir: string;
  /** Where parts are looked for (their addresses, the PATH) and in which programs run. Default: this process's own. */
  readonly env?: Environment;
  readonly log: (line: string) => void;
  /** Default false. */
  readonly temporalUi?: boolean;
  /** Default true: commits wait for the disk. */
  readonly durable?: boolean;
  /** Default false; true empties the directory first, once nothing of an earlier stack runs in it. */
  readonly fresh?: boolean;
  /** Ports to take if they are free. */
  readonly ports?: Partial<Record<PortName, number>>;
}

/**
 * Takes the data directory and makes ready what all parts need. Call `release` when every part has stopped.
 * @throws StackProblem when another stack has the directory
 */
export async function prepare(options: StackOptions): Promise<{ around: Surroundings; release: () => Promise<void> }> {
  const dataDir = await dataDirectoryFor(resolve(options.dataDir), options.log);
  // The stack makes settings rather than reading them: it has to see the environment before config/settings.ts can.
  const env = options.env ?? process.env;
  const release = await takeDataDirectory(dataDir, options.fresh ?? false);
  try {
    const around: Surroundings = {
      env,
      dataDir,
      cacheDir: resolve(env['PERENNIAL_CACHE'] ?? join(homedir(), '.cache', 'perennial')),
      secrets: await loadSecrets(dataDir),
      ports: await takePorts(dataDir, { ...portOf(env), ...options.ports }),
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

/** Where root may not run PostgreSQL itself, its stand-in has to be able to enter the data. */
async function dataDirectoryFor(wished: string, log: (line: string) => void): Promise<string> {
  const stand = await unprivilegedUser();
  if (stand === undefined || (await mayReach(wished, stand))) return wished;
  const instead = reachablePlace(wished);
  log(`Data are kept in ${instead}: PostgreSQL does not run as root, and the user ${stand.name} may not enter ${wished}`);
  return instead;
}

/** Who names a port for the api means it. */
function portOf(env: Environment): Partial<Record<PortName, number>> {
  const port = Number(env['PERENNIAL_HTTP_PORT']);
  return Number.isInteger(port) && port > 0 && port <= 65535 ? { http: port } : {};
}
