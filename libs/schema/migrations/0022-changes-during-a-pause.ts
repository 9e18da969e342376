import { Migration } from '@mikro-orm/migrations';

/** A journey that waits because of a pause reads what changed about its customer too: its state is called `paused` since 0017. */
export class ChangesDuringAPause0022 extends Migration {
  override up(): void {
    this.addSql(`
create or replace view asked_of_customer as
  select e.customer_id, v.goal_asks as asks
  from enrolment e join campaign_version v on v.id = e.version_id
  where e.arm = 'treated' and e.state in ('entered', 'paused')
  union all
  select s.customer_id, v.trigger_asks
  from campaign k
  join campaign_version v on v.campaign_id = k.id and v.version = k.version
  join score s on s.kind = v.definition -> 'trigger' ->> 'score'
  where k.state not in ('cancelled', 'completed') and s.value > (v.definition -> 'trigger' ->> 'risesAbove')::double precision`);
  }
}
