import type { EntityManager } from '@mikro-orm/postgresql';
import { journeyAnswers } from '../journeys/answers/table.js';
import type { JourneySignal } from '../journeys/journey-signal.js';
import type { DomainEvent } from '../outbox/event-kinds.js';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import type { Enrolment } from './enrolment.entity.js';
import { isUnderway } from './underway.js';
import { loadFacts } from '../segments/load-facts.js';
import { compileRule } from '../segments/rule.js';

/** A signal for a journey. */
export interface SignalToJourney {
  readonly enrolmentId: string;
  readonly signal: JourneySignal;
}

/** Notifies the journey whose message failed, so that it uses the next channel. Other messages have no journey. */
export async function signalsOfFailure(em: EntityManager, { payload }: DomainEvent<'message.failed'>): Promise<SignalToJourney[]> {
  const { enrolmentId, messageId, channel, why } = payload;
  return toOpen(em, enrolmentId, { kind: 'message-failed', messageId, channel, why });
}

/** Sends the answer to the journey that the customer answered. */
export async function signalsOfResponse(em: EntityManager, { payload }: DomainEvent<'response.received'>): Promise<SignalToJourney[]> {
  const { enrolmentId, responseId, journeyAnswer } = payload;
  const answer = journeyAnswers().find((each) => each === journeyAnswer);
  return answer === undefined ? [] : toOpen(em, enrolmentId, { kind: 'response', answer, responseId });
}

/**
 * SQL: whether a domain event is an answer for a journey. The index `domain_event_answers` finds those of a customer.
 * @param event alias of the event
 * @param of columns or parameters that name the customer and, as text, the enrolment
 */
export const isAnswerTo = (event: string, of: { readonly customer: string; readonly enrolment: string }): string =>
  `${event}.kind = 'response.received' and ${event}.customer_id = ${of.customer} and ${event}.payload ->> 'enrolmentId' = ${of.enrolment}
     and ${event}.payload ->> 'journeyAnswer' is not null`;

/** Less than the number of answers that a journey remembers. */
const latestAnswers = 32;

/** The latest answers that the journey has received or will receive, in order. Answers older than a week may be missing. */
export async function answersTo(
  em: EntityManager,
  { enrolmentId, customerId }: { readonly enrolmentId: string; readonly customerId: string },
): Promise<JourneySignal[]> {
  const rows = await query<{ responseId: string; answer: string }>(
    em,
    `select d.payload ->> 'responseId' as "responseId", d.payload ->> 'journeyAnswer' as answer from domain_event d
     where ${isAnswerTo('d', { customer: '$1', enrolment: '$2' })}
     order by d.position desc limit $3`,
    [customerId, enrolmentId, latestAnswers],
  );
  return rows.reverse().flatMap(({ responseId, answer }) =>
    journeyAnswers()
      .filter((each) => each === answer)
      .map((each) => ({ kind: 'response' as const, answer: each, responseId })),
  );
}

async function toOpen(em: EntityManager, enrolmentId: string | null, signal: JourneySignal): Promise<SignalToJourney[]> {
  return enrolmentId !== null && (await isOpen(em, enrolmentId)) ? [{ enrolmentId, signal }] : [];
}

/** Whether the enrolment has no outcome yet. */
export async function isOpen(em: EntityManager, enrolmentId: string): Promise<boolean> {
  const open = tables<typeof Enrolment>(em)
    .selectFrom('Enrolment')
    .select('id')
    .where('id', '=', enrolmentId)
    .where('state', '<>', 'closed');
  return (await open.executeTakeFirst()) !== undefined;
}

/** A treated enrolment that was admitted, and whose journey has not reached its first step; undefined if it is not such an enrolment. */
export async function unstartedJourney(
  em: EntityManager,
  enrolmentId: string,
): Promise<{ readonly enrolmentId: string; readonly campaignId: string; readonly customerId: string } | undefined> {
  return tables<typeof Enrolment>(em)
    .selectFrom('Enrolment')
    .select(['id as enrolmentId', 'campaign as campaignId', 'customer as customerId'])
    .where('id', '=', enrolmentId)
    .where('arm', '=', 'treated')
    .where('state', 'in', ['entered', 'paused'])
    .where('step', 'is', null)
    .executeTakeFirst();
}

/** Journeys whose enrolments an erasure has closed end themselves. */
export async function signalsOfErasure(em: EntityManager, { customerId, at }: DomainEvent<'customer.erased'>): Promise<SignalToJourney[]> {
  const ended = await tables<typeof Enrolment>(em)
    .selectFrom('Enrolment')
    .select('id as enrolmentId')
    .where('customer', '=', customerId)
    .where('arm', '=', 'treated')
    .where('enteredAt', 'is not', null)
    .where('outcome', '=', 'cancelled')
    .where('closedAt', '>=', at)
    .orderBy('id')
    .execute();
  return ended.map(({ enrolmentId }) => ({ enrolmentId, signal: { kind: 'customer-erased' } }));
}

/**
 * The journeys of a customer whose goal reads a changed field and is now reached, or whose customer churned. A journey checks again itself;
 * this check only decides whether a signal is needed.
 */
export async function signalsOfChange(
  em: EntityManager,
  { customerId, payload }: DomainEvent<'customer.changed'>,
  now: Date,
): Promise<SignalToJourney[]> {
  const asking = await query<{ enrolmentId: string; goal: string | null }>(
    em,
    `select e.id as "enrolmentId", v.definition ->> 'goal' as goal
     from enrolment e join campaign_version v on v.id = e.version_id
     where e.customer_id = $1 and ${isUnderway('e')} and (v.goal_asks is null or v.goal_asks && $2::text[])
     order by e.id`,
    [customerId, payload.fields],
  );
  if (asking.length === 0) return [];
  const facts = await loadFacts(em, customerId, now);
  const isOver = (goal: string | null): boolean =>
    facts.customer['status'] === 'churned' || (goal !== null && compileRule(goal).holds(facts));
  return asking.filter(({ goal }) => isOver(goal)).map(({ enrolmentId }) => ({ enrolmentId, signal: { kind: 'customer-changed' } }));
}
