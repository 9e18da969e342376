import { Migration } from '@mikro-orm/migrations';

/**
 * Reasons explain a decision to people, and the word that decided explains an answer. What comes next depended on them too: that has columns
 * of its own now.
 */
export class StateBesideReasons0019 extends Migration {
  override up(): void {
    this.addSql('alter table decision add column cause text, add column purpose text');
    this.addSql(`update decision set cause = case when kind <> 'send' then reasons[1] end,
       purpose = case when 'service' = any(reasons) then 'service' else 'marketing' end where kind in ('send', 'defer', 'block')`);
    this.addSql('alter table response add column reported boolean not null default false');
    this.addSql(`update response set reported = true where because = 'feedback report'`);
  }
}
