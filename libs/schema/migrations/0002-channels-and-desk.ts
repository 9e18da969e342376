import { Migration } from '@mikro-orm/migrations';

/** A third channel, priority between campaigns, what a message cost, the providers' state, alerts, and the desk's tasks. */
export class ChannelsAndDesk0002 extends Migration {
  override up(): void {
    for (const statement of changes.split(';\n')) this.addSql(statement);
  }
}

const changes = `
drop index message_claimable;
drop index message_campaign_id_channel_state_index;
create index message_claimable on message (campaign_id, channel, not_before, id) where state = 'planned';
create table alert (
  id uuid not null,
  kind text not null,
  subject text not null,
  detail text not null,
  raised_at timestamptz not null,
  cleared_at timestamptz null,
  primary key (id)
);
create unique index alert_open_unique on alert (kind, subject) where cleared_at is null;
create table answer_rate (
  channel text not null,
  hour int not null,
  sent bigint not null,
  answered bigint not null,
  counted_at timestamptz not null,
  primary key (channel, hour)
);
create table provider (
  channel text not null,
  breaker text not null default 'closed',
  open_until timestamptz null,
  trips int not null default 0,
  tokens double precision not null default 0,
  refilled_at timestamptz not null,
  primary key (channel)
);
create table task (
  id uuid not null,
  kind text not null,
  response_id uuid not null,
  customer_id uuid not null,
  enrolment_id uuid null,
  created_at timestamptz not null,
  due_at timestamptz not null,
  closed_at timestamptz null,
  resolution text null,
  closed_by text null,
  primary key (id)
);
create index task_customer_id_index on task (customer_id);
create index task_open on task (due_at, id) where closed_at is null;
create index task_closed on task (closed_at, id) where closed_at is not null;
alter table task add constraint task_response_id_unique unique (response_id);
alter table campaign add priority int not null default 0, add pause_reason text null, add resumed_at timestamptz null;
alter table customer add preferred_hours jsonb null;
alter table contact_point drop constraint contact_point_channel_check;
alter table contact_point add constraint contact_point_channel_check check (channel in ('email', 'sms', 'whatsapp'));
alter table consent_event drop constraint consent_event_channel_check;
alter table consent_event add constraint consent_event_channel_check check (channel in ('email', 'sms', 'whatsapp'));
alter table message drop constraint message_channel_check;
alter table message add segments int null, add cost_milli int null, add settled_by text null;
create index message_counted on message (campaign_id, channel, state) include (segments, cost_milli);
create index message_deadline on message (send_before) where state = 'planned';
create index message_unknown on message (id) where state = 'unknown';
create index message_sent on message (campaign_id, channel, settled_at) where state in ('accepted', 'delivered', 'bounced', 'rejected');
alter table message add constraint message_channel_check check (channel in ('email', 'sms', 'whatsapp'));
alter table response drop constraint response_channel_check;
alter table response drop constraint response_source_check;
create index response_complaint on response (message_id) where answer = 'complaint';
alter table response add constraint response_channel_check check (channel in ('email', 'sms', 'whatsapp'));
alter table response add constraint response_source_check check (source in ('twilio', 'smtp', 'sendgrid', 'ses', 'mailgun', 'link', 'one-click', 'preferences', 'desk'));
alter table suppression drop constraint suppression_channel_check;
alter table suppression add constraint suppression_channel_check check (channel in ('email', 'sms', 'whatsapp'));
alter table answer_rate add constraint answer_rate_channel_check check (channel in ('email', 'sms', 'whatsapp'));
alter table provider add constraint provider_channel_check check (channel in ('email', 'sms', 'whatsapp'));
alter table provider add constraint provider_breaker_check check (breaker in ('closed', 'open', 'probing'));
alter table task add constraint task_response_id_foreign foreign key (response_id) references response (id) on delete cascade;
alter table task add constraint task_customer_id_foreign foreign key (customer_id) references customer (id) on delete cascade;
alter table task add constraint task_enrolment_id_foreign foreign key (enrolment_id) references enrolment (id) on delete cascade;
alter table task add constraint task_kind_check check (kind in ('unclear', 'question', 'complaint'))
`.trim();
