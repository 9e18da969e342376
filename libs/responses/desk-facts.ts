import type { EntityManager } from '@mikro-orm/postgresql';
import type { JourneyGraph } from '../journeys/graph.js';
import { listens } from '../journeys/steps/table.js';
import { isUnderway } from '../campaigns/underway.js';
import { latestOffer, offerStateAt } from '../offers/offer-sql.js';
import { query } from '../persistence/sql.js';
import type { ChoiceFacts } from './desk-choices.js';

type Row = Omit<ChoiceFacts, 'journey'> & {
  readonly taskId: string;
  readonly versionId: string | null;
  readonly at: string | null;
  /** The steps that the journey has left, latest first. */
  readonly left: readonly string[] | null;
};

/** The offer of a task: that of the answered message, otherwise the latest of the enrolment. Aliases: m message. */
export const offerAtStake = (enrolment: string): string => `coalesce(m.offer_id, ${latestOffer('l.id', enrolment)})`;

/** When the customer last wrote on the channel of this answer: this answer, or a later one. A click does not count. Alias: r response. */
export const lastInboundAt = `greatest(r.received_at, (
  select h.received_at from response h
  where h.customer_id = r.customer_id and h.channel = r.channel and h.source not in ('link', 'one-click', 'preferences', 'desk')
  order by h.received_at desc limit 1))`;

/**
 * The facts for the choices of these tasks, in two statements for any number. If the caller has locked the rows, a choice is performed with
 * these facts.
 */
export async function loadChoiceFacts(em: EntityManager, taskIds: readonly string[], now: Date): Promise<ReadonlyMap<string, ChoiceFacts>> {
  const rows = await query<Row>(
    em,
    `select t.id as "taskId", t.kind, r.channel, r.message_id is not null as "toMessage", ${offerStateAt('o', '$2')} as offer,
            case when ${isUnderway('e')} then e.version_id end as "versionId", e.step as at,
            (select array_agg(v.step order by v.ordinal desc) from step_visit v
             where v.enrolment_id = e.id and v.label is not null and v.label <> 'failed') as left,
            exists (select from task s where s.customer_id = t.customer_id and s.enrolment_id = t.enrolment_id and s.closed_at is null and s.id <> t.id)
              as "otherTaskWaits"
     from unnest($1::uuid[]) as w (id)
     join task t on t.id = w.id join response r on r.id = t.response_id
     left join enrolment e on e.id = t.enrolment_id
     left join message m on m.id = r.message_id
     left join offer o on o.id = ${offerAtStake('t.enrolment_id')}`,
    [taskIds, now],
  );
  const graphs = await loadGraphs(em, rows);
  return new Map(
    rows.map(({ taskId, versionId, at, left, ...facts }) => {
      const graph = versionId === null ? undefined : graphs.get(versionId);
      return [taskId, { ...facts, journey: graph === undefined ? null : { graph, at, listened: lastListening(graph, left ?? []) } }];
    }),
  );
}

async function loadGraphs(em: EntityManager, rows: readonly Row[]): Promise<ReadonlyMap<string, JourneyGraph>> {
  const ids = [...new Set(rows.flatMap(({ versionId }) => (versionId === null ? [] : [versionId])))];
  if (ids.length === 0) return new Map();
  const versions = await query<{ id: string; graph: JourneyGraph }>(
    em,
    `select id, definition -> 'journey' as graph from campaign_version where id = any($1::uuid[])`,
    [ids],
  );
  return new Map(versions.map(({ id, graph }) => [id, graph]));
}

function lastListening({ steps }: JourneyGraph, left: readonly string[]): string | null {
  return (
    left.find((id) => {
      const step = steps[id];
      return step !== undefined && listens(step);
    }) ?? null
  );
}
