import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { presentProcesses, type ProcessKind } from '../access/processes.js';
import { Problem, type ProblemPlace } from '../platform/problem.js';

/** Without these nobody carries a campaign out. */
const needed: readonly ProcessKind[] = ['worker', 'dispatcher'];

/** Real milliseconds between two looks. */
const pauseMs = 500;
/** Real milliseconds in which a process that starts is ready, or takes in a publication. */
export const longestWaitMs = 10_000;

/**
 * Waits until every process that is here uses a publication, or a newer one.
 * @param most how long it waits; real milliseconds
 * @throws Problem conflict with every process that does not; Problem unavailable if none is running that is needed
 */
export async function awaitTakenIn(em: EntityManager, publication: number, most = longestWaitMs): Promise<void> {
  const deadline = performance.now() + most;
  for (;;) {
    const places = await lacking(em, publication);
    if (places.length === 0) return;
    if (performance.now() >= deadline) {
      throw new Problem(
        places.every(({ what }) => what === noneRunning) ? 'unavailable' : 'conflict',
        'The processes that would run the campaign are not ready',
        places,
        'A running process loads a publication within seconds. Where it cannot, an alert says why.',
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
