import type { EntityManager } from '@mikro-orm/postgresql';
import type { Purpose } from '../channels/purpose.js';
import { query } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import type { Candidate, DecisionKind } from './decision.entity.js';

export interface NewDecision {
  /** Null outside of a journey. */
  readonly enrolmentId: string | null;
  readonly campaignId: string | null;
  readonly customerId: string;
  /** The requesting step of the journey, or null. */
  readonly step: string | null;
  /** The caller's reference outside of a journey, or null. */
  readonly reference: string | null;
  readonly occurrence: number;
  /** From 0, within one occurrence. */
  readonly ordinal: number;
  readonly kind: DecisionKind;
  readonly subject: string | null;
  readonly candidates: readonly Candidate[];
  readonly reasons: readonly string[];
  /** Why a message waits or is not sent. */
  readonly cause?: string | null;
  /** The purpose of a message. */
  readonly purpose?: Purpose;
  readonly until: Date | null;
  readonly at: Date;
}

/**
 * Stores one decision. The first decision for an enrolment's step or a customer's reference, occurrence and ordinal is kept.
 * @returns the id of the kept decision
 */
export async function recordDecision(tx: EntityManager, decision: NewDecision): Promise<string> {
  const [id] = await recordDecisions(tx, [decision]);
  if (id === undefined) throw new Error('PostgreSQL returned no row for a decision');
  return id;
}

/**
 * The same for any number of them: one statement for those of journeys, one for all others. No two may have the same enrolment and step, or
 * customer and reference, with the same occurrence and ordinal.
 * @returns the ids of the kept decisions, in the given order
 */
export async function recordDecisions(tx: EntityManager, decisions: readonly NewDecision[]): Promise<string[]> {
  const placed = decisions.map((decision, place) => ({ ...decision, place, id: newId() }));
  const stored = [
    ...(await store(
      tx,
      placed.filter(({ step }) => step !== null),
      'enrolment_id, step',
    )),
    ...(await store(
      tx,
      placed.filter(({ step }) => step === null),
      'customer_id, reference',
    )),
  ];
  return stored.sort((a, b) => a.place - b.place).map(({ id }) => id);
}

/** @param asker the columns of the requester: with occurrence and ordinal they are unique */
async function store(
  tx: EntityManager,
  decisions: readonly (NewDecision & { readonly place: number; readonly id: string })[],
  asker: 'enrolment_id, step' | 'customer_id, reference',
): Promise<{ readonly id: string; readonly place: number }[]> {
  if (decisions.length === 0) return [];
  return query<{ id: string; place: number }>(
    tx,
    `with given as (
       select * from jsonb_to_recordset($1::jsonb) as d (
         place int, id uuid, "enrolmentId" uuid, "campaignId" uuid, "customerId" uuid, step text, reference text, occurrence int, ordinal int,
         kind text, subject text, candidates jsonb, reasons text[], cause text, purpose text, until timestamptz, at timestamptz)
     ), stored as (
       insert into decision (id, enrolment_id, campaign_id, customer_id, step, reference, occurrence, ordinal, kind, subject, candidates, reasons, cause, purpose, until, at)
       select id, "enrolmentId", "campaignId", "customerId", step, reference, occurrence, ordinal, kind, subject, candidates, reasons, cause, purpose, until, at
       from given order by place
       on conflict (${asker}, occurrence, ordinal) do update set ordinal = excluded.ordinal
       returning id, enrolment_id, customer_id, step, reference, occurrence, ordinal
     )
     select s.id, g.place from given g join stored s
       on s.customer_id = g."customerId" and s.enrolment_id is not distinct from g."enrolmentId" and s.step is not distinct from g.step
         and s.reference is not distinct from g.reference and s.occurrence = g.occurrence and s.ordinal = g.ordinal`,
    [JSON.stringify(decisions)],
  );
}
