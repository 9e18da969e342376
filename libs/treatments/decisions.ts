import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../persistence/sql.js';
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
  const row = await queryOne<{ id: string }>(
    tx,
    `insert into decision (id, enrolment_id, campaign_id, customer_id, step, occurrence, ordinal, kind, subject, candidates, reasons, until, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (enrolment_id, step, occurrence, ordinal) do update set ordinal = excluded.ordinal returning id`,
    [
      newId(),
      decision.enrolmentId,
      decision.campaignId,
      decision.customerId,
      decision.step,
      decision.occurrence,
      decision.ordinal,
      decision.kind,
      decision.subject,
      JSON.stringify(decision.candidates),
      decision.reasons,
      decision.until,
      decision.at,
    ],
  );
  if (row === undefined) throw new Error('PostgreSQL returned no row for a decision');
  return row.id;
}
