import type { EntityManager } from '@mikro-orm/postgresql';
import { writeEvents } from '../outbox/write-events.js';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { newId } from '../platform/ids.js';
import type { Alert } from './alert.entity.js';

/** The kinds of things that a person at the company has to check. */
export const alertKinds = [
  'provider-down',
  'provider-refuses',
  'provider-slow',
  'campaign-paused',
  'files-broken',
  'events-stuck',
  'publication-not-used',
  'score-drift',
  'files-not-published',
] as const;
export type AlertKind = (typeof alertKinds)[number];

export interface NewAlert {
  readonly kind: AlertKind;
  /** Its subject: a channel, the id of a campaign, a file, or the key of a template. */
  readonly subject: string;
  /** One sentence for a person, without personal data. */
  readonly detail: string;
}

export interface ListedAlert extends NewAlert {
  readonly id: string;
  /** The title of the campaign that it is about, null if it is about none. */
  readonly title: string | null;
  readonly raisedAt: Date;
  readonly clearedAt: Date | null;
}

/** Raises an alert. An open alert of this kind and subject stays unchanged. @returns whether it is new */
export async function raiseAlert(em: EntityManager, { kind, subject, detail }: NewAlert, now: Date): Promise<boolean> {
  return em.transactional(async (tx) => {
    const raised = await tables<typeof Alert>(tx)
      .insertInto('Alert')
      .values({ id: newId(), kind, subject, detail, raisedAt: now })
      .onConflict((open) => open.columns(['kind', 'subject']).where('clearedAt', 'is', null).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (raised === undefined) return false;
    await writeEvents(tx, [{ kind: 'alert.raised', customerId: null, payload: { alertId: raised.id, kind } }], now);
    return true;
  });
}

/** Clears an alert that is open; does nothing if there is none. @returns whether there was one */
export async function clearAlert(em: EntityManager, kind: AlertKind, subject: string, now: Date): Promise<boolean> {
  const cleared = await tables<typeof Alert>(em)
    .updateTable('Alert')
    .set((row) => ({ clearedAt: row.fn<Date>('greatest', ['raisedAt', row.val(now)]) }))
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .where('clearedAt', 'is', null)
    .returning('id')
    .execute();
  return cleared.length > 0;
}

/**
 * Clears every open alert about files, except for these subjects: a path, or what is wrong with several, as in `all documents`. An alert
 * that names a template by its key is not about a file and stays.
 */
export async function clearFixedFiles(em: EntityManager, broken: readonly string[], now: Date): Promise<void> {
  await query(
    em,
    `update alert set cleared_at = greatest(raised_at, $2)
     where kind = 'files-broken' and subject ~ '[./ ]' and subject <> all($1::text[]) and cleared_at is null`,
    [broken, now],
  );
}

export interface AlertFilter {
  /** Only those that are open, or only those that are not; null for both. */
  readonly open: boolean | null;
  /** Rows after this one, in the order of the list. */
  readonly after: string | null;
  readonly rows: number;
}

/** Alerts, open ones first, each part newest first. */
export async function listAlerts(em: EntityManager, { open, after, rows }: AlertFilter): Promise<ListedAlert[]> {
  return query<ListedAlert>(
    em,
    `select a.id, a.kind, a.subject, a.detail, a.raised_at as "raisedAt", a.cleared_at as "clearedAt",
       (select g.title from campaign g where a.kind = 'campaign-paused' and g.id::text = a.subject) as title
     from alert a
     where ($1::boolean is null or (a.cleared_at is null) = $1)
       and ($2::uuid is null or (a.cleared_at is null, a.id) < (select l.cleared_at is null, l.id from alert l where l.id = $2))
     order by (a.cleared_at is null) desc, a.id desc limit $3`,
    [open, after, rows],
  );
}
