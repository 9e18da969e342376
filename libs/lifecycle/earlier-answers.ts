import type { EntityManager } from '@mikro-orm/postgresql';
import type { Visit } from '../journeys/effects.js';
import { query, queryOne } from '../persistence/sql.js';

/*
 * A wake that was cut off is done again from where it began. What a rule said the first time follows from where the journey
 * went then: a step's way out is committed together with what came of it. If nothing was committed nothing came of it,
 * and the rule may be asked again.
 */

/** The way by which a visit was left in an earlier attempt; null if it was not left, or where the attempt went to another step. */
export async function wayTaken(tx: EntityManager, enrolmentId: string, visit: Visit | null): Promise<string | null> {
  if (visit === null) return null;
  const row = await queryOne<{ label: string | null }>(
    tx,
    'select label from step_visit where enrolment_id = $1 and ordinal = $2 and step = $3',
    [enrolmentId, visit.ordinal, visit.step],
  );
  return row?.label ?? null;
}

/** Whether a journey has gone on from a step's last occurrence: to another visit, or to the step's next effect. */
export async function hasGoneOn(
  tx: EntityManager,
  enrolmentId: string,
  { step, lastOccurrence, visit }: { readonly step: string; readonly lastOccurrence: number; readonly visit: number },
): Promise<boolean> {
  const rows = await query(
    tx,
    `(select from step_visit where enrolment_id = $1 and ordinal > $4 limit 1)
     union all
     (select from decision where enrolment_id = $1 and step = $2 and occurrence > $3 limit 1)`,
    [enrolmentId, step, lastOccurrence, visit],
  );
  return rows.length > 0;
}
