import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { Problem, type ProblemPlace } from '../platform/problem.js';
import { presentProcesses, type ProcessKind } from '../access/processes.js';
import { differences, needsOf, type Knowledge, type Needs, type KnowingProcess } from './knowledge.js';
import { isAtWork, type StoredVersion } from './versions.js';

/** Without these nobody carries a campaign out. */
const needed: readonly ProcessKind[] = ['worker', 'dispatcher'];

/** Real milliseconds between two looks. */
const pauseMs = 500;
/** Real milliseconds in which a process that starts, or takes in a changed file, is ready. */
export const longestAskMs = 10_000;

/**
 * Asks the processes that will do the work whether they know what a campaign needs, as the launcher has it.
 * @param most how long it waits for them to take in a file that has just changed; real milliseconds
 * @throws Problem conflict with every process that does not, and what it lacks
 */
export async function askProcesses(em: EntityManager, needs: Needs, launcher: KnowingProcess, most = longestAskMs): Promise<void> {
  const deadline = performance.now() + most;
  for (;;) {
    const places = await lacking(em, needs, launcher);
    if (places.length === 0) return;
    if (performance.now() >= deadline) {
      throw new Problem(
        places.every(({ what }) => what === noneRunning) ? 'unavailable' : 'conflict',
        'Those who would carry the campaign out do not know all that it needs',
        places,
        'Put the same files beside every process, mend those that are broken, and try again; a running process takes a changed file in within seconds.',
      );
    }
    await sleep(pauseMs);
  }
}

async function lacking(em: EntityManager, needs: Needs, launcher: KnowingProcess): Promise<ProblemPlace[]> {
  const present = await presentProcesses<Knowledge>(em);
  const absent = needed.filter((kind) => !present.some((each) => each.kind === kind)).map((kind) => ({ where: kind, what: noneRunning }));
  const processes = present.map(({ kind, host, pid, knows }) => ({ name: `${kind} ${String(pid)} on ${host}`, knows }));
  return [
    ...absent,
    ...differences(
      needs,
      launcher,
      processes.filter(({ name }) => name !== launcher.name),
    ),
  ];
}

const noneRunning = 'none is running';

/** What a campaign needs for all that it carries out: for the version that enrols, and for those under which somebody is inside. */
export async function needsOfCampaign(em: EntityManager, campaignId: string): Promise<Needs> {
  const versions = await query<StoredVersion>(
    em,
    `select v.definition, v.treatments from campaign k join campaign_version v on v.campaign_id = k.id where k.id = $1 and ${isAtWork}`,
    [campaignId],
  );
  const needs = versions.map(({ definition, treatments }) => needsOf(definition, treatments));
  return {
    templates: [...new Set(needs.flatMap(({ templates }) => templates))],
    rules: [...new Set(needs.flatMap(({ rules }) => rules))],
  };
}
