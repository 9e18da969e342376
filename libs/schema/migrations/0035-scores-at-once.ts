import { Migration } from '@mikro-orm/migrations';

/**
 * A model knows what a score has to be computed again for, so that a change is written for the customer whom it scores, whoever that is.
 * Models of before ask for nothing: their customers are scored by the sweep until the next training.
 */
export class ScoresAtOnce0035 extends Migration {
  override up(): void {
    this.addSql(`alter table score_model add column asks text[] not null default '{}'`);
    this.addSql(`
create or replace view asked_of_customer as
  select e.customer_id, v.goal_asks as asks, 'journey' as asker
  from enrolment e join campaign_version v on v.id = e.version_id
  where e.arm = 'treated' and e.state in ('entered', 'paused')
  union all
  select s.customer_id, v.trigger_asks, 'trigger'
  from campaign k
  join campaign_version v on v.campaign_id = k.id and v.version = k.version
  join score s on s.kind = v.definition -> 'trigger' ->> 'score'
  where k.state not in ('cancelled', 'completed') and s.value > (v.definition -> 'trigger' ->> 'risesAbove')::double precision
  union all
  select c.id, m.asks, 'score' from customer c cross join score_model m where m.state = 'champion'`);
  }
}
