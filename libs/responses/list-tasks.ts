import type { EntityManager } from '@mikro-orm/postgresql';
import { isoInstant } from '../persistence/instant-sql.js';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import type { MessageState } from '../messaging/ledger/message.entity.js';
import type { OfferState } from '../offers/offer.entity.js';
import { isUnderway } from '../campaigns/underway.js';
import { offerStateAt } from '../offers/offer-sql.js';
import { lastInboundAt, offerAtStake } from './desk-facts.js';
import type { Answer } from '../journeys/answers/table.js';
import type { Response } from './response.entity.js';
import type { Task, TaskKind } from './task.entity.js';

export interface TaskFilter {
  readonly state: 'open' | 'closed';
  readonly kind: TaskKind | null;
  /** The id of the last task seen. */
  readonly after: string | null;
  readonly rows: number;
}

/** A task with everything that a person needs to decide about the answer. */
export interface ListedTask {
  readonly id: string;
  readonly kind: TaskKind;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly closedAt: Date | null;
  readonly resolution: string | null;
  readonly closedBy: string | null;
  readonly customer: { readonly id: string; readonly name: string | null; readonly locale: string };
  readonly campaign: { readonly key: string; readonly title: string } | null;
  readonly enrolmentId: string | null;
  /** The journey still runs and would be notified. */
  readonly underway: boolean;
  readonly response: {
    readonly channel: Response['channel'];
    /** The customer's text, its classification, and the reason. */
    readonly text: string | null;
    readonly answer: Answer;
    readonly because: string;
    readonly receivedAt: string;
    /** When they last wrote on this channel: then, or later. */
    readonly lastInboundAt: string;
  };
  /** The replies, oldest first, with their states. */
  readonly replies: readonly {
    readonly messageId: string;
    readonly text: string;
    readonly writtenAt: string;
    readonly writtenBy: string;
    readonly state: MessageState;
    readonly notBefore: string;
    readonly errorClass: string | null;
  }[];
  /** The offer in question; null if there is none. */
  readonly offer: {
    readonly id: string;
    readonly title: string;
    readonly state: OfferState;
    readonly expiresAt: string;
    /** In minor units. */
    readonly cost: number;
    readonly currency: string;
  } | null;
}

/** The order of each list: earliest due first, and latest closed first. Both end with the id, so that a page can continue after a row. */
const orders = {
  open: { where: 't.closed_at is null', after: '(t.due_at, t.id) > (select s.due_at, s.id', by: 't.due_at, t.id' },
  closed: { where: 't.closed_at is not null', after: '(t.closed_at, t.id) < (select s.closed_at, s.id', by: 't.closed_at desc, t.id desc' },
} as const;

/** The replies to a task, with their states. */
const replies = `(
  select coalesce(jsonb_agg(jsonb_build_object('messageId', w.message_id, 'text', w.text, 'writtenAt', ${isoInstant('w.written_at')}, 'writtenBy', w.written_by,
           'state', s.state, 'notBefore', ${isoInstant('s.not_before')}, 'errorClass', s.error_class) order by w.written_at, w.message_id), '[]')
  from reply w join message s on s.id = w.message_id where w.task_id = t.id)`;

/** The queue of the desk. */
export async function listTasks(em: EntityManager, filter: TaskFilter, now: Date): Promise<ListedTask[]> {
  const order = orders[filter.state];
  return query<ListedTask>(
    em,
    `select t.id, t.kind, t.created_at as "createdAt", t.due_at as "dueAt", t.closed_at as "closedAt", t.resolution, t.closed_by as "closedBy",
            t.enrolment_id as "enrolmentId", coalesce(${isUnderway('e')}, false) as underway,
            jsonb_build_object('id', c.id, 'name', c.name, 'locale', c.locale) as customer,
            case when k.id is not null then jsonb_build_object('key', k.key, 'title', k.title) end as campaign,
            jsonb_build_object('channel', r.channel, 'text', r.text, 'answer', r.answer, 'because', r.because, 'receivedAt', ${isoInstant('r.received_at')},
              'lastInboundAt', ${isoInstant(lastInboundAt)}) as response,
            ${replies} as replies,
            case when o.id is not null then jsonb_build_object('id', o.id, 'title', o.title, 'cost', o.cost, 'currency', o.currency, 'expiresAt', ${isoInstant('o.expires_at')},
              'state', ${offerStateAt('o', '$4')}) end as offer
     from task t
     join response r on r.id = t.response_id join customer c on c.id = t.customer_id
     left join enrolment e on e.id = t.enrolment_id left join campaign k on k.id = e.campaign_id
     left join message m on m.id = r.message_id
     left join offer o on o.id = ${offerAtStake('t.enrolment_id')}
     where ${order.where} and ($1::text is null or t.kind = $1)
       and ($2::uuid is null or ${order.after} from task s where s.id = $2))
     order by ${order.by} limit $3`,
    [filter.kind, filter.after, filter.rows, now],
  );
}

/** How many tasks wait for a person. */
export async function countOpenTasks(em: EntityManager): Promise<number> {
  const waiting = tables<typeof Task>(em).selectFrom('Task').where('closedAt', 'is', null);
  const { count } = await waiting.select((task) => task.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  return count;
}
