import { chmod, glob, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { endLeftovers } from '../../apps/cli/src/stack/data-directory.js';
import { StackProblem, type Part, type Surroundings } from '../../apps/cli/src/stack/part.js';
import { startParts } from '../../apps/cli/src/stack/start-parts.js';
import { prepare } from '../../apps/cli/src/stack/surroundings.js';

interface Slot {
  readonly around: Surroundings;
  release(): Promise<void>;
}

/** The servers of one run of the tests, in a separate directory below `.perennial`. A part's module is loaded when the part is requested. */
export class TestServers {
  private slot: Promise<Slot> | undefined;
  private readonly stops: (() => Promise<void>)[] = [];

  async postgresql(): Promise<string> {
    return this.start((await import('../../apps/cli/src/stack/postgresql.js')).postgresql);
  }

  async redis(): Promise<string> {
    return this.start((await import('../../apps/cli/src/stack/redis.js')).redis);
  }

  /** The path of the program, which a spec starts itself. */
  async temporalTestServer(): Promise<string> {
    const { findTestServer } = await import('../../apps/cli/src/stack/test-server.js');
    return findTestServer((await this.taken()).around);
  }

  /** The path of the program, which a spec starts itself. */
  async temporalDevServer(): Promise<string> {
    const { findDevServer } = await import('../../apps/cli/src/stack/temporal.js');
    return findDevServer((await this.taken()).around);
  }

  /** A folder for the data of servers that specs start and stop themselves. */
  async data(): Promise<string> {
    const { dataDir } = (await this.taken()).around;
    const folder = join(dataDir, 'specs');
    await mkdir(folder, { recursive: true });
    await chmod(dataDir, 0o711); // PostgreSQL runs as another user where this one is root, and has to enter
    return folder;
  }

  /** Stops everything that was started, ends programs of interrupted specs, and removes all data. */
  async stop(): Promise<void> {
    await Promise.all(this.stops.splice(0).map((stop) => stop()));
    const slot = await this.slot;
    if (slot === undefined) return;
    this.slot = undefined;
    await endLeftoversBelow(slot.around.dataDir);
    await slot.release();
    await rm(slot.around.dataDir, { recursive: true, force: true });
  }

  private async start(part: Part): Promise<string> {
    const parts = await startParts([part], (await this.taken()).around);
    this.stops.push(() => parts.stop());
    return parts.get(part.name).address;
  }

  private taken(): Promise<Slot> {
    this.slot ??= takeSlot();
    return this.slot;
  }
}

/** Two runs of the tests may overlap: each takes a free directory. A killed run's servers and data are removed. */
async function takeSlot(): Promise<Slot> {
  // The tests, which create and drop databases, do not use the product's addresses.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^PERENNIAL_(DATABASE|REDIS|TEMPORAL)_/.test(name)));
  for (let slot = 1; ; slot += 1) {
    const dataDir = join(process.cwd(), '.perennial', `test-${slot}`);
    try {
      return await prepare({ dataDir, env, log: (line) => process.stderr.write(`${line}\n`), durable: false, fresh: true });
    } catch (error) {
      if (!(error instanceof StackProblem) || slot === 20) throw error;
    }
  }
}

async function endLeftoversBelow(folder: string): Promise<void> {
  for await (const pids of glob(['specs/*/pids', 'specs/*/*/pids'], { cwd: folder })) await endLeftovers(dirname(join(folder, pids)));
}
