import { Migration } from '@mikro-orm/migrations';

/**
 * Customers are found by the beginning of their number, or of the words of their name. Numbers are compared in lower case, byte by byte;
 * what PostgreSQL would take for the name of a file or a host in a person's name is two words.
 */
export class CustomerSearch0034 extends Migration {
  override up(): void {
    this.addSql(`create index customer_number_begins on customer (lower(external_id) text_pattern_ops)`);
    this.addSql(
      `create index customer_name_words on customer
         using gin (to_tsvector('simple'::regconfig, translate(coalesce(name, ''), './@_:-+', '       ')))`,
    );
  }
}
