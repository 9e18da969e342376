import type { EntityManager } from '@mikro-orm/postgresql';
import { signalsOfChange, signalsOfFailure, signalsOfResponse, type SignalToJourney } from '../../libs/campaigns/signals.js';
import type { JourneySignal } from '../../libs/journeys/journey-signal.js';
import { readEvent, type DomainEvent } from '../../libs/outbox/event-kinds.js';
import { query } from '../../libs/persistence/sql.js';
import { testNow } from './factories.js';

/** The events that wait in the outbox, in the order in which they were written. */
export async function waitingEvents(em: EntityManager, customerId?: string): Promise<DomainEvent[]> {
  const rows = await query<Parameters<typeof readEvent>[0]>(
    em,
    `select id, kind, customer_id as "customerId", payload, at from domain_event
     where delivered_at is null and ($1::uuid is null or customer_id = $1) order by position`,
    [customerId ?? null],
  );
  return rows.map(readEvent);
}

/** The signals that the journey of an enrolment would get if the whole outbox were delivered now. */
export async function signalsTo(em: EntityManager, enrolmentId: string | null | undefined, now = testNow): Promise<JourneySignal[]> {
  const signals: SignalToJourney[] = [];
  for (const event of await waitingEvents(em)) signals.push(...(await signalsOf(em, event, now)));
  return signals.filter((each) => each.enrolmentId === enrolmentId).map(({ signal }) => signal);
}

async function signalsOf(em: EntityManager, event: DomainEvent, now: Date): Promise<SignalToJourney[]> {
  if (event.kind === 'message.failed') return signalsOfFailure(em, event);
  if (event.kind === 'response.received') return signalsOfResponse(em, event);
  return event.kind === 'customer.changed' ? signalsOfChange(em, event, now) : [];
}
