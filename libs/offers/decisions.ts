import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import type { Candidate, DecisionKind } from './decision.entity.js';

export interface NewDecision {
  readonly enrolmentId: string;
  readonly campaignId: string;
  readonly customerId: string;
  readonly step: string;
  readonly occurrence: number;
  /** From 0, within one step and occurrence. */
  readonly ordinal: number;
  readonly kind: DecisionKind;
  readonly subject: string | null;
  readonly candidates: readonly Candidate[];
  readonly reasons: readonly string[];
  readonly until: Date | null;
  readonly at: Date;
}

/**
 * Stores one decision. What was decided first for an enrolment's step, occurrence and ordinal stands.
 * @returns the id of the decision that stands
 */
export async function recordDecision(tx: EntityManager, decision: NewDecision): Promise<string> {
  const [id] = await recordDecisions(tx, [decision]);
  if (id === undefined) throw new Error('PostgreSQL returned no row for a decision');
  return id;
}

/**
 * The same for any number of them, in one statement. No two may be of the same enrolment, step, occurrence and ordinal.
 * @returns the ids of the decisions that stand, in the order given
 */
export async function recordDecisions(tx: EntityManager, decisions: readonly NewDecision[]): Promise<string[]> {
  if (decisions.length === 0) return [];
  const rows = await query<{ id: string }>(
    tx,
    `with given as (
       select * from jsonb_to_recordset($1::jsonb) as d (
         place int, id uuid, "enrolmentId" uuid, "campaignId" uuid, "customerId" uuid, step text, occurrence int, ordinal int,
         kind text, subject text, candidates jsonb, reasons text[], until timestamptz, at timestamptz)
     ), stored as (
       insert into decision (id, enrolment_id, campaign_id, customer_id, step, occurrence, ordinal, kind, subject, candidates, reasons, until, at)
       select id, "enrolmentId", "campaignId", "customerId", step, occurrence, ordinal, kind, subject, candidates, reasons, until, at
       from given order by place
       on conflict (enrolment_id, step, occurrence, ordinal) do update set ordinal = excluded.ordinal
       returning id, enrolment_id, step, occurrence, ordinal
     )
     select s.id from given g join stored s
       on s.enrolment_id = g."enrolmentId" and s.step = g.step and s.occurrence = g.occurrence and s.ordinal = g.ordinal
     order by g.place`,
    [JSON.stringify(decisions.map((decision, place) => ({ ...decision, place, id: newId() })))],
  );
  return rows.map(({ id }) => id);
}
