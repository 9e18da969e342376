import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../channels/table.js';
import type { Answer } from '../journeys/answers/table.js';
import { isoInstant } from '../persistence/instant-sql.js';
import { query } from '../persistence/sql.js';
import type { TaskKind } from './task.entity.js';

/** One answer of a customer, and the task that a person has because of it. */
export interface ListedResponse {
  readonly id: string;
  readonly source: string;
  readonly channel: Channel;
  readonly answer: Answer;
  readonly because: string;
  readonly text: string | null;
  readonly receivedAt: Date;
  readonly enrolmentId: string | null;
  readonly messageId: string | null;
  readonly task: {
    readonly id: string;
    readonly kind: TaskKind;
    readonly dueAt: string;
    readonly closedAt: string | null;
    readonly resolution: string | null;
  } | null;
}

/** What a customer answered, the latest first. @param before the last answer of the page before */
export async function listResponses(em: EntityManager, customerId: string, before: string | null, rows: number): Promise<ListedResponse[]> {
  return query<ListedResponse>(
    em,
    `select r.id, r.source, r.channel, r.answer, r.because, r.text, r.received_at as "receivedAt", r.enrolment_id as "enrolmentId",
            r.message_id as "messageId", case when t.id is not null then jsonb_build_object('id', t.id, 'kind', t.kind, 'dueAt', ${isoInstant('t.due_at')},
              'closedAt', ${isoInstant('t.closed_at')}, 'resolution', t.resolution) end as task
     from response r left join task t on t.response_id = r.id
     where r.customer_id = $1
       and ($2::uuid is null or (r.received_at, r.id) < (select s.received_at, s.id from response s where s.id = $2))
     order by r.received_at desc, r.id desc limit $3`,
    [customerId, before, rows],
  );
}
