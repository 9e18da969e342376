import type { SqlWriter } from './sql-writer.js';

/** A table of which a customer has many rows: read once for all features that are read from it. */
export interface Relation {
  readonly table: string;
  readonly alias: string;
  /** When what a row says became so. */
  readonly at: string;
  /** Which kinds of rows matter, where not all do. */
  kinds?(kinds: readonly string[], writer: SqlWriter): string;
}

export const relations = {
  events: {
    table: 'customer_event',
    alias: 'e',
    at: 'e.at',
    kinds: (kinds, writer) => `e.kind = any(${writer.param(kinds, 'text[]')})`,
  },
  tasks: { table: 'task', alias: 't', at: 't.created_at' },
  messages: { table: 'message', alias: 'm', at: 'm.submitted_at' },
  answers: { table: 'response', alias: 'r', at: 'r.received_at' },
} as const satisfies Readonly<Record<string, Relation>>;

/** `customer`: an expression over the customer's own row, alias c. */
export type RelationName = keyof typeof relations | 'customer';
