import { Migration } from '@mikro-orm/migrations';

/** Columns whose words are named by a table of kinds in the code, and checked where they come in. */
const open: readonly (readonly [table: string, column: string])[] = [
  ['contact_point', 'channel'],
  ['consent_event', 'channel'],
  ['message', 'channel'],
  ['response', 'channel'],
  ['suppression', 'channel'],
  ['answer_rate', 'channel'],
  ['provider', 'channel'],
  ['response', 'source'],
  ['response', 'answer'],
  ['task', 'kind'],
  ['score', 'kind'],
  ['score_model', 'kind'],
  ['decision', 'kind'],
  ['enrolment', 'outcome'],
];

/**
 * A new channel, kind of answer, of score, of decision or a new ending needs no migration any more, and no lock on the tables
 * that are written most. The states of the ledger, of offers and of campaigns stay closed.
 */
export class OpenWords0014 extends Migration {
  override up(): void {
    for (const [table, column] of open) this.addSql(`alter table ${table} drop constraint if exists ${table}_${column}_check`);
  }
}
