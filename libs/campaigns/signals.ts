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

/** What a journey has to hear. */
export interface SignalToJourney {
  readonly enrolmentId: string;
  readonly signal: JourneySignal;
}

/** The journey whose message failed is notified, so that it takes the next channel. Other messages have no journey. */
export async function signalsOfFailure(em: EntityManager, { payload }: DomainEvent<'message.failed'>): Promise<SignalToJourney[]> {
  const { enrolmentId, messageId, channel, why } = payload;
  return toOpen(em, enrolmentId, { kind: 'message-failed', messageId, channel, why });
}

/** The journey that the customer answered hears the answer. */
export async function signalsOfResponse(em: EntityManager, { payload }: DomainEvent<'response.received'>): Promise<SignalToJourney[]> {
  const { enrolmentId, responseId, journeyAnswer } = payload;
  const answer = journeyAnswers().find((each) => each === journeyAnswer);
  return answer === undefined ? [] : toOpen(em, enrolmentId, { kind: 'response', answer, responseId });
}

/**
 * As SQL: whether a domain event is an answer that a journey gets. The index `domain_event_answers` finds those of a customer.
 * @param event alias of the event
 * @param of columns or parameters that name the customer and, as text, the enrolment
 */
export const isAnswerTo = (event: string, of: { readonly customer: string; readonly enrolment: string }): string =>
  `${event}.kind = 'response.received' and ${event}.customer_id = ${of.customer} and ${event}.payload ->> 'enrolmentId' = ${of.enrolment}
     and ${event}.payload ->> 'journeyAnswer' is not null`;

/** Fewer than a journey remembers. */
const latestAnswers = 32;

/** The latest answers that the journey has heard or will hear, in order; those of a week ago and before may be missing. */
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

/** A treated enrolment that was let in, and whose journey has yet to reach its first step; undefined where it is none. */
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

/** The journeys that an erasure ended in the books end themselves. */
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
 * The journeys of a customer whose goal asks for a field that changed, and has been reached now, or whose customer churned. A
 * journey looks for itself again; here it is found out whether it is worth a signal.
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
