import { Migration } from '@mikro-orm/migrations';

/** What an erasure does with the rows of each foreign key that leads to a customer. */
const rules: Readonly<Record<string, string>> = {
  contact_point: 'removed',
  consent_event: 'removed',
  customer_event: 'removed',
  score: 'removed',
  trigger_state: 'removed',
  message_request: 'removed',
  enrolment: 'kept, counted by reports; the score that enrolled is emptied',
  decision: 'kept, counted by reports; candidates and reference are emptied',
  offer: 'kept, counted by reports; voucher code and reference are replaced',
  message: 'kept, counted by reports; address, its hash and reference are emptied',
  response: 'kept, counted by reports; text, thread, source id and reason are emptied',
  task: 'kept, and closed',
  erasure: 'added: who erased when, and how many rows',
};

/**
 * Each foreign key to a customer says what an erasure does with its rows. Answers and tasks stay, so they no longer go with
 * the customer's row, should anybody ever remove one by hand.
 */
export class WhatErasureDoes0018 extends Migration {
  override up(): void {
    for (const table of ['response', 'task'])
      this.addSql(
        `alter table ${table} drop constraint ${table}_customer_id_foreign,
           add constraint ${table}_customer_id_foreign foreign key (customer_id) references customer (id)`,
      );
    for (const [table, rule] of Object.entries(rules))
      this.addSql(`comment on constraint ${table}_customer_id_foreign on ${table} is 'On erasure: ${rule}.'`);
  }
}
