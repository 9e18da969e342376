import { Migration } from '@mikro-orm/migrations';

/**
 * What the desk answers: a message that belongs to a task instead of a campaign, and the thread that it goes into; offers that end
 * by themselves. What a customer paid when they entered, so that only the change since then counts, and when they reached the goal.
 */
export class DeskReplies0009 extends Migration {
  override up(): void {
    for (const statement of changes.split(';\n')) this.addSql(statement);
  }
}

const changes = `
create table reply (
  message_id uuid not null,
  task_id uuid not null,
  key text not null,
  text text not null,
  written_at timestamptz not null,
  written_by text not null,
  primary key (message_id)
);
alter table reply add constraint reply_task_id_key_unique unique (task_id, key);
alter table reply add constraint reply_message_id_foreign foreign key (message_id) references message (id) on delete cascade;
alter table reply add constraint reply_task_id_foreign foreign key (task_id) references task (id) on delete cascade;
alter table message alter column enrolment_id drop not null;
alter table message alter column campaign_id drop not null;
create index message_reply_claimable on message (channel, not_before, id) where state = 'planned' and campaign_id is null;
alter table response add thread jsonb null;
create index offer_due on offer (expires_at) where state = 'open';
alter table enrolment add entry_charge bigint null, add goal_at timestamptz null;
update enrolment e set entry_charge = c.monthly_charge, kept_revenue = e.kept_revenue - c.monthly_charge
  from customer c, campaign k where e.entered_at is not null and c.id = e.customer_id and k.id = e.campaign_id and c.currency = k.currency;
update enrolment set kept_revenue = null where entry_charge is null
`.trim();
