import { Migration } from '@mikro-orm/migrations';

/** When a campaign last asked everybody inside whether they have reached its goal. */
export class LooksAtGoals0012 extends Migration {
  override up(): void {
    this.addSql('alter table campaign add column goals_asked_at timestamptz null');
  }
}
