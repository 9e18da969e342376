import { StackProblem, type FoundPart, type Part, type PartName, type RunningPart, type Surroundings } from './part.js';

interface Started {
  readonly part: Part;
  readonly found: FoundPart;
  running: RunningPart;
}

/** What a person may want to know about a part. */
export interface PartSummary {
  readonly name: PartName;
  readonly title: string;
  readonly source: string;
  readonly page: string | undefined;
  readonly pid: number | undefined;
}

export interface RunningParts {
  get(name: PartName): RunningPart;
  list(): PartSummary[];
  /** Stops the part if it still runs, and starts it at the same address. */
  restart(name: PartName): Promise<void>;
  /** Ends the part at once, as a crash would. */
  kill(name: PartName): Promise<void>;
  /** Stops all, in reverse order. */
  stop(): Promise<void>;
}

/**
 * Finds and starts parts in parallel. If one cannot be started, the others are stopped again.
 * @throws StackProblem with a sentence for each part that could not be started
 */
export async function startParts(parts: readonly Part[], around: Surroundings): Promise<RunningParts> {
  const results = await Promise.allSettled(parts.map((part) => startOne(part, around)));
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  if (failures.length > 0) {
    await stopAll(started);
    const unexpected = failures.find((failure) => !(failure instanceof StackProblem));
    throw unexpected ?? new StackProblem(failures.map(({ message }) => message).join('\n'), { cause: failures[0] });
  }
  const one = (name: PartName): Started => {
    const found = started.find(({ part }) => part.name === name);
    if (found === undefined) throw new Error(`this stack has no ${name}`);
    return found;
  };
  return {
    get: (name) => one(name).running,
    list: () =>
      started.map(({ part, found, running }) => ({
        name: part.name,
        title: part.title,
        source: found.source,
        page: running.page,
        pid: running.pid,
      })),
    restart: async (name) => {
      const entry = one(name);
      await entry.running.stop();
      entry.running = await entry.found.start();
    },
    kill: async (name) => {
      const { found, running } = one(name);
      if (running.kill === undefined) throw new Error(`${name} is not a process of this stack (it is ${found.source})`);
      await running.kill();
    },
    stop: () => stopAll(started),
  };
}

async function startOne(part: Part, around: Surroundings): Promise<Started> {
  const found = await part.find(around);
  const running = await found.start();
  return { part, found, running };
}

async function stopAll(started: readonly Started[]): Promise<void> {
  for (const { running } of started.toReversed()) await running.stop();
}
