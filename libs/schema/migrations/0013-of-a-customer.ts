import { Migration } from '@mikro-orm/migrations';

/**
 * A decision, an offer and a message belong to a customer; enrolment and campaign are context that may be absent, and then a
 * reference takes the place of the step. Messages that were asked for outside of a journey, and customers who were erased.
 */
export class OfACustomer0013 extends Migration {
  override up(): void {
    for (const statement of changes.split(';\n')) this.addSql(statement);
  }
}

const askedBy = 'num_nonnulls(step, reference) = 1 and (step is null or enrolment_id is not null)';

const changes = `
alter table decision alter enrolment_id drop not null, alter campaign_id drop not null, alter step drop not null, add reference text null;
alter table decision add constraint decision_customer_id_reference_occurrence_ordinal_unique unique (customer_id, reference, occurrence, ordinal);
alter table decision add constraint decision_asked_by_check check (${askedBy});
alter table offer alter enrolment_id drop not null, alter campaign_id drop not null, alter step drop not null, add reference text null;
alter table offer add constraint offer_customer_id_reference_unique unique (customer_id, reference);
alter table offer add constraint offer_asked_by_check check (${askedBy});
alter table message alter step drop not null, alter contact_point_id drop not null, add reference text null;
update message set reference = step, step = null where campaign_id is null;
alter table message add constraint message_customer_id_reference_occurrence_channel_unique unique (customer_id, reference, occurrence, channel);
alter table message add constraint message_asked_by_check check (${askedBy});
alter table message drop constraint message_contact_point_id_foreign;
alter table message add constraint message_contact_point_id_foreign foreign key (contact_point_id) references contact_point (id) on delete set null;
alter index message_reply_claimable rename to message_single_claimable;
create table message_request (
  id uuid not null,
  customer_id uuid not null,
  reference text not null,
  template text not null,
  purpose text not null,
  channel text not null,
  offer_id uuid null,
  state text not null,
  occurrence int not null,
  due_at timestamptz null,
  ends_at timestamptz not null,
  failed text[] not null,
  message_id uuid null,
  reason text null,
  requested_at timestamptz not null,
  requested_by text not null,
  primary key (id)
);
create index message_request_due on message_request (due_at, id) where state = 'waiting';
create index message_request_message_id_index on message_request (message_id);
alter table message_request add constraint message_request_customer_id_reference_unique unique (customer_id, reference);
alter table message_request add constraint message_request_customer_id_foreign foreign key (customer_id) references customer (id) on delete cascade;
alter table message_request add constraint message_request_offer_id_foreign foreign key (offer_id) references offer (id);
alter table message_request add constraint message_request_message_id_foreign foreign key (message_id) references message (id);
alter table message_request add constraint message_request_purpose_check check (purpose in ('marketing', 'service'));
alter table message_request add constraint message_request_state_check check (state in ('waiting', 'planned', 'blocked'));
alter table customer add erased_at timestamptz null;
create table erasure (
  id uuid not null,
  customer_id uuid not null,
  external_id_hash text not null,
  erased_at timestamptz not null,
  erased_by text not null,
  removed jsonb not null,
  primary key (id)
);
create index erasure_external_id_hash_index on erasure (external_id_hash);
alter table erasure add constraint erasure_customer_id_unique unique (customer_id);
alter table erasure add constraint erasure_customer_id_foreign foreign key (customer_id) references customer (id)
`.trim();
