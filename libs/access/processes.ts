import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';

export type ProcessKind = 'api' | 'worker' | 'dispatcher';

/** A process as it describes itself. */
export interface Presence {
  readonly id: string;
  readonly kind: ProcessKind;
  readonly host: string;
  readonly pid: number;
  /** The version of the publication that it uses. */
  readonly publication: number;
}

/** Seconds without a sign of life after which a process counts as gone. A process gives one every two seconds. */
const goneAfterSeconds = 10;

/** Records that the process is running. It must be repeated, because a record soon becomes too old. */
export async function announcePresence(em: EntityManager, { id, kind, host, pid, publication }: Presence): Promise<void> {
  await query(
    em,
    `insert into running_process (id, kind, host, pid, started_at, seen_at, publication) values ($1, $2, $3, $4, clock_timestamp(), clock_timestamp(), $5)
     on conflict (id) do update set seen_at = excluded.seen_at, publication = excluded.publication`,
    [id, kind, host, pid, publication],
  );
}

/** Removes the process from the list, and every process that was not seen for a day. */
export async function endPresence(em: EntityManager, id: string): Promise<void> {
  await query(em, `delete from running_process where id = $1 or seen_at < clock_timestamp() - interval '1 day'`, [id]);
}

/** The processes that run now. */
export async function presentProcesses(em: EntityManager): Promise<Presence[]> {
  return query<Presence>(
    em,
    `select id, kind, host, pid, publication from running_process
     where seen_at > clock_timestamp() - make_interval(secs => $1) order by kind, started_at, id`,
    [goneAfterSeconds],
  );
}
