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

/** Where a check of the goal is asked for, and which way this attempt came there. */
export interface AskedAt {
  readonly step: string;
  readonly lastOccurrence: number;
  /** The ordinal of the visit. */
  readonly visit: number;
  /** Visits of this attempt that are not written yet. */
  readonly way: readonly Visit[];
}

/**
 * Whether a journey has gone on from a step's last occurrence in an earlier attempt: to another visit, or to the step's next effect. An
 * attempt that had gone another way before says nothing about this one.
 */
export async function hasGoneOn(tx: EntityManager, enrolmentId: string, { step, lastOccurrence, visit, way }: AskedAt): Promise<boolean> {
  const rows = await query(
    tx,
    `select where (
       exists (select from step_visit where enrolment_id = $1 and ordinal > $4)
       or exists (select from decision where enrolment_id = $1 and step = $2 and occurrence > $3)
     ) and exists (select from step_visit where enrolment_id = $1 and ordinal = $4 and step = $2)
     and not exists (
       select from jsonb_to_recordset($5::jsonb) as w (ordinal int, step text, label text)
       join step_visit v on v.enrolment_id = $1 and v.ordinal = w.ordinal and (v.step <> w.step or v.label <> w.label))`,
    [enrolmentId, step, lastOccurrence, visit, JSON.stringify(way)],
  );
  return rows.length > 0;
}
