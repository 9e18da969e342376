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

/** Seconds without a word after which a process counts as gone. A process says a word every two. */
const goneAfterSeconds = 10;

/** Says that the process is here. Again and again: what is not repeated is soon not believed. */
export async function announcePresence(em: EntityManager, { id, kind, host, pid, publication }: Presence): Promise<void> {
  await query(
    em,
    `insert into running_process (id, kind, host, pid, started_at, seen_at, publication) values ($1, $2, $3, $4, clock_timestamp(), clock_timestamp(), $5)
     on conflict (id) do update set seen_at = excluded.seen_at, publication = excluded.publication`,
    [id, kind, host, pid, publication],
  );
}

/** Takes the process off the list, and whoever was not seen for a day. */
export async function endPresence(em: EntityManager, id: string): Promise<void> {
  await query(em, `delete from running_process where id = $1 or seen_at < clock_timestamp() - interval '1 day'`, [id]);
}

/** The processes that are here now. */
export async function presentProcesses(em: EntityManager): Promise<Presence[]> {
  return query<Presence>(
    em,
    `select id, kind, host, pid, publication from running_process
     where seen_at > clock_timestamp() - make_interval(secs => $1) order by kind, started_at, id`,
    [goneAfterSeconds],
  );
}
