import { Migration } from '@mikro-orm/migrations';

/** A journey that is about to end looks for answers that it has not heard: among the events, delivered or not, of its customer. */
export class AnswersOnTheirWay0020 extends Migration {
  override up(): void {
    this.addSql(`create index domain_event_answers on domain_event (customer_id, position) where kind = 'response.received'`);
  }
}
