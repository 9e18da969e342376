import { Migration } from '@mikro-orm/migrations';

/**
 * Domain events take the place of the signals that waited for journeys; what had not been delivered becomes events. Each version
 * of a campaign knows what its goal and its trigger ask for: of those that are there already it is not known, so they ask for all.
 */
export class DomainEvents0015 extends Migration {
  override up(): void {
    for (const statement of schema.split(';\n')) this.addSql(statement);
  }
}

const schema = `
create table domain_event (
  id uuid not null,
  position bigserial not null,
  kind text not null,
  customer_id uuid null,
  payload jsonb not null,
  at timestamptz not null,
  attempts int not null default 0,
  due_at timestamptz not null default now(),
  delivered_at timestamptz null,
  primary key (id)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000);
create index domain_event_due on domain_event (due_at, position) where delivered_at is null;
create index domain_event_of_customer on domain_event (customer_id, position) where delivered_at is null;
alter table campaign_version add column goal_asks text[] null, add column trigger_asks text[] null;
create view asked_of_customer as
  select e.customer_id, v.goal_asks as asks
  from enrolment e join campaign_version v on v.id = e.version_id
  where e.arm = 'treated' and e.state in ('entered', 'held')
  union all
  select s.customer_id, v.trigger_asks
  from campaign k
  join campaign_version v on v.campaign_id = k.id and v.version = k.version
  join score s on s.kind = v.definition -> 'trigger' ->> 'score'
  where k.state not in ('cancelled', 'completed') and s.value > (v.definition -> 'trigger' ->> 'risesAbove')::double precision;
create view score_threshold as
  select k.id as campaign_id, v.definition -> 'trigger' ->> 'score' as kind,
    (v.definition -> 'trigger' ->> 'risesAbove')::double precision as rises_above,
    (v.definition -> 'trigger' ->> 'fallsBelow')::double precision as falls_below
  from campaign k join campaign_version v on v.campaign_id = k.id and v.version = k.version
  where k.state not in ('cancelled', 'completed') and v.definition -> 'trigger' ->> 'kind' = 'score';
insert into domain_event (id, kind, customer_id, payload, at)
  select s.id,
    case s.signal ->> 'kind' when 'response' then 'response.received' when 'message-failed' then 'message.failed' else 'customer.changed' end,
    e.customer_id,
    case s.signal ->> 'kind'
      when 'response' then jsonb_build_object('responseId', s.signal -> 'responseId', 'enrolmentId', e.id, 'answer', s.signal -> 'answer', 'journeyAnswer', s.signal -> 'answer')
      when 'message-failed' then s.signal - 'kind' || jsonb_build_object('enrolmentId', e.id)
      else '{"fields": ["customer.status"]}' end,
    s.created_at
  from pending_signal s join enrolment e on e.id = s.enrolment_id
  where s.delivered_at is null order by s.created_at, s.id;
drop table pending_signal
`.trim();
