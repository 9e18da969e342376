import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { presentProcesses, type ProcessKind } from '../access/processes.js';
import { Problem, type ProblemPlace } from '../platform/problem.js';

/** The processes without which a campaign cannot run. */
const needed: readonly ProcessKind[] = ['worker', 'dispatcher'];

/** Real milliseconds between two checks. */
const pauseMs = 500;
/** Real milliseconds in which a starting process is ready, or loads a publication. */
export const longestWaitMs = 10_000;

/**
 * Waits until every running process uses a publication, or a newer one.
 * @param most the longest wait in real milliseconds
 * @throws Problem conflict with every process that does not; Problem unavailable if a needed process is not running
 */
export async function awaitInUse(em: EntityManager, publication: number, most = longestWaitMs): Promise<void> {
  const deadline = performance.now() + most;
  for (;;) {
    const places = await lacking(em, publication);
    if (places.length === 0) return;
    if (performance.now() >= deadline) {
      throw new Problem(
        places.every(({ what }) => what === noneRunning) ? 'unavailable' : 'conflict',
        'The processes that would run the campaign are not ready',
        places,
        'A running process loads a publication within seconds. If it cannot, an alert gives the reason.',
      );
    }
    await sleep(pauseMs);
  }
}

async function lacking(em: EntityManager, publication: number): Promise<ProblemPlace[]> {
  const present = await presentProcesses(em);
  const absent = needed.filter((kind) => !present.some((each) => each.kind === kind)).map((kind) => ({ where: kind, what: noneRunning }));
  const behind = present
    .filter((each) => each.publication < publication)
    .map((each) => ({
      where: `${each.kind} ${String(each.pid)} on ${each.host}`,
      what: `still uses publication ${String(each.publication)}, and the latest is ${String(publication)}`,
    }));
  return [...absent, ...behind];
}

const noneRunning = 'none is running';
