import type { EntityManager } from '@mikro-orm/postgresql';
import type { Visit } from '../journeys/effects.js';
import { query, queryOne } from '../persistence/sql.js';

/*
 * An interrupted wake is repeated from its beginning. The first result of a rule is known from the way that the journey took: a step's way
 * out is committed together with its effects. If nothing was committed, there were no effects, and the rule may be evaluated again.
 */

/** The way by which a visit was left in an earlier attempt; null if it was not left, or if the attempt went to another step. */
export async function wayTaken(tx: EntityManager, enrolmentId: string, visit: Visit | null): Promise<string | null> {
  if (visit === null) return null;
  const row = await queryOne<{ label: string | null }>(
    tx,
    'select label from step_visit where enrolment_id = $1 and ordinal = $2 and step = $3',
    [enrolmentId, visit.ordinal, visit.step],
  );
  return row?.label ?? null;
}

/** Whether a journey has continued after a step's last occurrence: with another visit, or with the step's next effect. */
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
