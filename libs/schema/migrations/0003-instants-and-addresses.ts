import { Migration } from '@mikro-orm/migrations';

/** What was dated ahead counts from now; who has given notice is a customer until their day; which address a message goes to, by which limits count too. */
export class InstantsAndAddresses0003 extends Migration {
  override up(): void {
    for (const statement of changes.split(';\n')) this.addSql(statement);
  }
}

const changes = `
update consent_event set at = now() where at > now();
update customer c set
  left_at = case when word.kind = 'contract.ended' then c.left_at end,
  status = case when word.kind = 'contract.renewed' or past.kind = 'contract.renewed' then 'renewed' else 'active' end
from customer w
cross join lateral (
  select e.kind from customer_event e where e.customer_id = w.id and e.kind in ('contract.ended', 'contract.renewed')
  order by least(e.at, e.received_at) desc, e.id desc limit 1) word
left join lateral (
  select e.kind from customer_event e where e.customer_id = w.id and e.kind in ('contract.ended', 'contract.renewed') and e.at <= now()
  order by least(e.at, e.received_at) desc, e.id desc limit 1) past on true
where w.id = c.id and c.status = 'left' and c.left_at > now();
create index customer_leaving on customer (left_at) where left_at is not null and status <> 'left';
alter table message add address_hash text null;
update message m set address_hash = p.address_hash from contact_point p where p.id = m.contact_point_id;
create index message_address_hash_planned_at_index on message (address_hash, planned_at);
drop index contact_point_address_hash_index;
create index contact_point_address_hash_id_index on contact_point (address_hash, id)
`.trim();
