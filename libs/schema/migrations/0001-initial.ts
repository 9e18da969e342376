import { Migration } from '@mikro-orm/migrations';

export class Initial0001 extends Migration {
  override up(): void {
    for (const statement of schema.split(';\n')) this.addSql(statement);
  }
}

const schema = `
create table api_key (
  id uuid not null,
  name text not null,
  hash text not null,
  created_at timestamptz not null,
  revoked_at timestamptz null,
  primary key (id)
);
alter table api_key add constraint api_key_hash_unique unique (hash);
create table campaign (
  id uuid not null,
  key text not null,
  title text not null,
  state text not null,
  version int not null,
  budget_cap bigint not null,
  budget_reserved bigint not null default '0',
  budget_spent bigint not null default '0',
  currency char(3) not null,
  launched_at timestamptz null,
  ended_at timestamptz null,
  created_at timestamptz not null,
  primary key (id)
);
alter table campaign add constraint campaign_key_unique unique (key);
alter table campaign add constraint campaign_budget_check check (budget_spent >= 0 and budget_spent <= budget_reserved and budget_reserved <= budget_cap);
alter table campaign add constraint campaign_state_check check (state in ('draft', 'live', 'paused', 'cancelled', 'completed'));
create table campaign_version (
  id uuid not null,
  campaign_id uuid not null,
  version int not null,
  source text not null,
  definition jsonb not null,
  treatments jsonb not null,
  created_at timestamptz not null,
  primary key (id)
);
alter table campaign_version add constraint campaign_version_campaign_id_version_unique unique (campaign_id, version);
create table customer (
  id uuid not null,
  external_id text not null,
  name text null,
  locale text not null,
  time_zone text null,
  status text not null,
  plan text null,
  monthly_charge int not null,
  currency char(3) not null,
  tenure int not null,
  attributes jsonb not null,
  made text[] not null,
  preferred_channel text null,
  objected_at timestamptz null,
  left_at timestamptz null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (id)
);
alter table customer add constraint customer_external_id_unique unique (external_id);
alter table customer add constraint customer_status_check check (status in ('active', 'renewed', 'left'));
create table contact_point (
  id uuid not null,
  customer_id uuid not null,
  channel text not null,
  address text not null,
  address_hash text not null,
  dead_at timestamptz null,
  created_at timestamptz not null,
  primary key (id)
);
create index contact_point_address_hash_index on contact_point (address_hash);
create index contact_point_channel_address_index on contact_point (channel, address);
alter table contact_point add constraint contact_point_customer_id_channel_unique unique (customer_id, channel);
alter table contact_point add constraint contact_point_channel_check check (channel in ('email', 'sms'));
create table consent_event (
  id uuid not null,
  customer_id uuid not null,
  channel text not null,
  purpose text not null,
  address_hash text not null,
  granted boolean not null,
  source text not null,
  wording_version text not null,
  at timestamptz not null,
  actor text not null,
  primary key (id)
);
create index consent_event_customer_id_channel_purpose_address_hash_at_index on consent_event (customer_id, channel, purpose, address_hash, at);
alter table consent_event add constraint consent_event_channel_check check (channel in ('email', 'sms'));
alter table consent_event add constraint consent_event_purpose_check check (purpose in ('marketing', 'service'));
create table customer_event (
  id uuid not null,
  customer_id uuid not null,
  kind text not null,
  at timestamptz not null,
  data jsonb not null,
  source text not null,
  source_id text not null,
  received_at timestamptz not null,
  primary key (id)
);
create index customer_event_customer_id_at_index on customer_event (customer_id, at);
alter table customer_event add constraint customer_event_source_source_id_unique unique (source, source_id);
create table enrolment (
  id uuid not null,
  campaign_id uuid not null,
  version_id uuid not null,
  customer_id uuid not null,
  arm text not null,
  state text not null,
  trigger_score double precision null,
  created_at timestamptz not null,
  entered_at timestamptz null,
  step text null,
  waiting_until timestamptz null,
  outcome text null,
  closed_at timestamptz null,
  measure_at timestamptz null,
  measured_at timestamptz null,
  retained boolean null,
  kept_revenue int null,
  primary key (id)
);
create index enrolment_campaign_id_state_index on enrolment (campaign_id, state);
create index enrolment_campaign_id_outcome_index on enrolment (campaign_id, outcome);
create index enrolment_customer_id_index on enrolment (customer_id);
create unique index enrolment_open_unique on enrolment (campaign_id, customer_id) where state <> 'closed';
create index enrolment_to_measure on enrolment (campaign_id, measure_at) where measured_at is null;
create index enrolment_pending on enrolment (campaign_id, created_at, id) where state = 'pending';
create index enrolment_starting on enrolment (campaign_id, id) where state = 'entered' and arm = 'treated' and step is null;
create index enrolment_campaign_id_closed_at_index on enrolment (campaign_id, closed_at);
alter table enrolment add constraint enrolment_arm_check check (arm in ('treated', 'holdout'));
alter table enrolment add constraint enrolment_state_check check (state in ('pending', 'entered', 'held', 'closed'));
alter table enrolment add constraint enrolment_outcome_check check (outcome in ('saved', 'declined', 'lapsed', 'expired', 'won-back', 'handed-over', 'nothing-pays', 'opted-out', 'unreachable', 'recovered', 'left', 'cancelled', 'held-out'));
create table decision (
  id uuid not null,
  enrolment_id uuid not null,
  campaign_id uuid not null,
  customer_id uuid not null,
  step text not null,
  occurrence int not null,
  ordinal int not null,
  kind text not null,
  subject text null,
  candidates jsonb not null,
  reasons text[] not null,
  until timestamptz null,
  at timestamptz not null,
  primary key (id)
);
create index decision_campaign_id_kind_index on decision (campaign_id, kind);
create index decision_campaign_id_at_index on decision (campaign_id, at);
create index decision_customer_id_at_index on decision (customer_id, at);
alter table decision add constraint decision_enrolment_id_step_occurrence_ordinal_unique unique (enrolment_id, step, occurrence, ordinal);
alter table decision add constraint decision_kind_check check (kind in ('assess', 'treat', 'none', 'send', 'defer', 'block'));
create table idempotent_request (
  key text not null,
  api_key uuid not null,
  request_hash text not null,
  status int null,
  body jsonb null,
  created_at timestamptz not null,
  primary key (key, api_key)
);
create table offer (
  id uuid not null,
  enrolment_id uuid not null,
  campaign_id uuid not null,
  customer_id uuid not null,
  decision_id uuid not null,
  step text not null,
  treatment text not null,
  title text not null,
  cost int not null,
  currency char(3) not null,
  voucher_code text not null,
  state text not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  settled_at timestamptz null,
  primary key (id)
);
alter table offer add constraint offer_voucher_code_unique unique (voucher_code);
create index offer_campaign_id_state_index on offer (campaign_id, state);
alter table offer add constraint offer_enrolment_id_step_unique unique (enrolment_id, step);
alter table offer add constraint offer_state_check check (state in ('open', 'accepted', 'declined', 'expired', 'withdrawn'));
create table message (
  id uuid not null,
  enrolment_id uuid not null,
  campaign_id uuid not null,
  customer_id uuid not null,
  contact_point_id uuid not null,
  offer_id uuid null,
  step text not null,
  occurrence int not null,
  channel text not null,
  purpose text not null,
  template text not null,
  state text not null,
  fence bigint not null default '0',
  lease_until timestamptz null,
  attempts int not null default 0,
  not_before timestamptz not null,
  send_before timestamptz not null,
  provider_id text null,
  error_class text null,
  error_code text null,
  planned_at timestamptz not null,
  submitted_at timestamptz null,
  settled_at timestamptz null,
  primary key (id)
);
create index message_campaign_id_channel_state_index on message (campaign_id, channel, state);
create index message_customer_id_planned_at_index on message (customer_id, planned_at);
create index message_claimable on message (channel, not_before, id) where state = 'planned';
create index message_in_hand on message (lease_until) where state in ('claimed', 'submitting');
create unique index message_provider_id on message (channel, provider_id) where provider_id is not null;
alter table message add constraint message_enrolment_id_step_occurrence_channel_unique unique (enrolment_id, step, occurrence, channel);
alter table message add constraint message_channel_check check (channel in ('email', 'sms'));
alter table message add constraint message_purpose_check check (purpose in ('marketing', 'service'));
alter table message add constraint message_state_check check (state in ('planned', 'claimed', 'submitting', 'accepted', 'delivered', 'bounced', 'rejected', 'unknown', 'withdrawn', 'late'));
create table pending_signal (
  id uuid not null,
  enrolment_id uuid not null,
  signal jsonb not null,
  created_at timestamptz not null,
  delivered_at timestamptz null,
  primary key (id)
);
create index pending_signal_open on pending_signal (created_at) where delivered_at is null;
create table response (
  id uuid not null,
  source text not null,
  source_id text not null,
  channel text not null,
  customer_id uuid null,
  enrolment_id uuid null,
  message_id uuid null,
  answer text not null,
  because text not null,
  text text null,
  received_at timestamptz not null,
  primary key (id)
);
create index response_customer_id_received_at_index on response (customer_id, received_at);
create index response_enrolment_id_index on response (enrolment_id);
alter table response add constraint response_source_source_id_unique unique (source, source_id);
alter table response add constraint response_source_check check (source in ('twilio', 'smtp', 'link', 'one-click'));
alter table response add constraint response_channel_check check (channel in ('email', 'sms'));
alter table response add constraint response_answer_check check (answer in ('accepted', 'declined', 'question', 'complaint', 'opt-out', 'opt-in', 'help', 'auto-reply', 'bounce', 'unclear'));
create table score_model (
  id uuid not null,
  kind text not null,
  version int not null,
  state text not null,
  metrics jsonb not null,
  predecessor_metrics jsonb null,
  parameters jsonb not null,
  trained_at timestamptz not null,
  primary key (id)
);
alter table score_model add constraint score_model_kind_version_unique unique (kind, version);
alter table score_model add constraint score_model_kind_check check (kind in ('churn', 'upsell', 'crosssell', 'bad_debt', 'clv', 'influence'));
alter table score_model add constraint score_model_state_check check (state in ('candidate', 'champion', 'retired'));
create table score (
  customer_id uuid not null,
  kind text not null,
  value double precision not null,
  previous double precision null,
  model_id uuid null,
  reasons jsonb not null,
  scored_at timestamptz not null,
  primary key (customer_id, kind)
);
create index score_kind_value_index on score (kind, value);
alter table score add constraint score_kind_check check (kind in ('churn', 'upsell', 'crosssell', 'bad_debt', 'clv', 'influence'));
create table segment (
  id uuid not null,
  name text not null,
  rule text not null,
  created_at timestamptz not null,
  primary key (id)
);
alter table segment add constraint segment_name_unique unique (name);
create table step_visit (
  enrolment_id uuid not null,
  ordinal int not null,
  campaign_id uuid not null,
  step text not null,
  entered_at timestamptz not null,
  label text null,
  primary key (enrolment_id, ordinal)
);
create index step_visit_campaign_id_step_label_index on step_visit (campaign_id, step, label);
create table suppression (
  id uuid not null,
  channel text not null,
  address_hash text not null,
  reason text not null,
  at timestamptz not null,
  primary key (id)
);
alter table suppression add constraint suppression_channel_address_hash_unique unique (channel, address_hash);
alter table suppression add constraint suppression_channel_check check (channel in ('email', 'sms'));
create table treatment (
  key text not null,
  definition jsonb not null,
  updated_at timestamptz not null,
  primary key (key)
);
create table trigger_state (
  campaign_id uuid not null,
  customer_id uuid not null,
  armed boolean not null,
  changed_at timestamptz not null,
  primary key (campaign_id, customer_id)
);
alter table campaign_version add constraint campaign_version_campaign_id_foreign foreign key (campaign_id) references campaign (id);
alter table contact_point add constraint contact_point_customer_id_foreign foreign key (customer_id) references customer (id) on delete cascade;
alter table consent_event add constraint consent_event_customer_id_foreign foreign key (customer_id) references customer (id) on delete cascade;
alter table customer_event add constraint customer_event_customer_id_foreign foreign key (customer_id) references customer (id) on delete cascade;
alter table enrolment add constraint enrolment_campaign_id_foreign foreign key (campaign_id) references campaign (id);
alter table enrolment add constraint enrolment_version_id_foreign foreign key (version_id) references campaign_version (id);
alter table enrolment add constraint enrolment_customer_id_foreign foreign key (customer_id) references customer (id);
alter table decision add constraint decision_enrolment_id_foreign foreign key (enrolment_id) references enrolment (id) on delete cascade;
alter table decision add constraint decision_campaign_id_foreign foreign key (campaign_id) references campaign (id);
alter table decision add constraint decision_customer_id_foreign foreign key (customer_id) references customer (id);
alter table offer add constraint offer_enrolment_id_foreign foreign key (enrolment_id) references enrolment (id) on delete cascade;
alter table offer add constraint offer_campaign_id_foreign foreign key (campaign_id) references campaign (id);
alter table offer add constraint offer_customer_id_foreign foreign key (customer_id) references customer (id);
alter table offer add constraint offer_decision_id_foreign foreign key (decision_id) references decision (id);
alter table message add constraint message_enrolment_id_foreign foreign key (enrolment_id) references enrolment (id) on delete cascade;
alter table message add constraint message_campaign_id_foreign foreign key (campaign_id) references campaign (id);
alter table message add constraint message_customer_id_foreign foreign key (customer_id) references customer (id);
alter table message add constraint message_contact_point_id_foreign foreign key (contact_point_id) references contact_point (id);
alter table message add constraint message_offer_id_foreign foreign key (offer_id) references offer (id) on delete set null;
alter table pending_signal add constraint pending_signal_enrolment_id_foreign foreign key (enrolment_id) references enrolment (id) on delete cascade;
alter table response add constraint response_customer_id_foreign foreign key (customer_id) references customer (id) on delete cascade;
alter table response add constraint response_enrolment_id_foreign foreign key (enrolment_id) references enrolment (id) on delete cascade;
alter table response add constraint response_message_id_foreign foreign key (message_id) references message (id) on delete cascade;
alter table score add constraint score_customer_id_foreign foreign key (customer_id) references customer (id) on delete cascade;
alter table score add constraint score_model_id_foreign foreign key (model_id) references score_model (id) on delete set null;
alter table step_visit add constraint step_visit_enrolment_id_foreign foreign key (enrolment_id) references enrolment (id) on delete cascade;
alter table step_visit add constraint step_visit_campaign_id_foreign foreign key (campaign_id) references campaign (id);
alter table trigger_state add constraint trigger_state_campaign_id_foreign foreign key (campaign_id) references campaign (id) on update cascade on delete cascade;
alter table trigger_state add constraint trigger_state_customer_id_foreign foreign key (customer_id) references customer (id) on update cascade on delete cascade
`.trim();
