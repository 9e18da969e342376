import { Migration } from '@mikro-orm/migrations';

/**
 * Standard terms take the place of words that had two meanings: a customer has churned (`left`), a journey is paused (`held`), a model was validated
 * on customers (`heldBack`). Rules and campaigns that name the old ones are changed with them, so that they go on.
 */
export class StandardWords0017 extends Migration {
  override up(): void {
    this.addSql('drop index customer_leaving');
    this.addSql('alter table customer drop constraint customer_status_check');
    this.addSql('alter table customer rename column left_at to churned_at');
    this.addSql(`update customer set status = 'churned' where status = 'left'`);
    this.addSql(`alter table customer add constraint customer_status_check check (status in ('active', 'renewed', 'churned'))`);
    this.addSql(`create index customer_leaving on customer (churned_at) where churned_at is not null and status <> 'churned'`);

    this.addSql('alter table enrolment drop constraint enrolment_state_check');
    this.addSql(`update enrolment set state = 'paused' where state = 'held'`);
    this.addSql(`alter table enrolment add constraint enrolment_state_check check (state in ('pending', 'entered', 'paused', 'closed'))`);
    this.addSql(`update enrolment set outcome = 'churned' where outcome = 'left'`);
    this.addSql(`update step_visit set label = 'churned' where label = 'left'`);

    this.addSql(`update segment set rule = ${statusRenamed('rule')} where rule ~ 'customer\\.status'`);
    this.addSql(
      `update campaign_version set source = ${exitRenamed(statusRenamed('source'))} where source ~ 'customer\\.status|exit: *left'`,
    );
    this.addSql(
      `update campaign_version set definition = ${outcomeRenamed(statusRenamed('definition::text'))}::jsonb where definition::text ~ 'customer\\.status|"left"'`,
    );

    for (const column of ['metrics', 'predecessor_metrics']) {
      this.addSql(
        `update score_model set ${column} = ${column} - 'heldBack' || jsonb_build_object('validatedOn', ${column} -> 'heldBack') where ${column} ? 'heldBack'`,
      );
    }
  }
}

/** A rule, by itself or quoted in YAML or JSON, with the new name of the status. */
const statusRenamed = (text: string): string =>
  `regexp_replace(${text}, '(customer\\.status *(==|!=) *\\\\?["''])left(\\\\?["''])', '\\1churned\\3', 'g')`;
const exitRenamed = (text: string): string => `regexp_replace(${text}, '(exit: *)left\\M', '\\1churned', 'g')`;
const outcomeRenamed = (text: string): string => `regexp_replace(${text}, '("outcome": *)"left"', '\\1"churned"', 'g')`;
