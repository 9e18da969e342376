import { randomBytes } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { codeOf } from '../platform/code-of.js';
import { isOutdatedPlan } from './passing-errors.js';

/** Runs after which a statement counts as frequent. */
const frequentAfter = 5;
/** The most names, and the most texts that are counted. */
const mostNames = 300;
const mostCounted = 2_000;

/** A map that keeps the most recently used entries. */
class Recent<Value> {
  private readonly values = new Map<string, Value>();

  constructor(private readonly most: number) {}

  /** The value of a key, which now counts as most recently used. */
  use(key: string): Value | undefined {
    const value = this.values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.values.delete(key);
    this.values.set(key, value);
    // A map lists its keys in the order in which they were set.
    for (const oldest of this.values.keys()) {
      if (this.values.size <= this.most) return;
      this.values.delete(oldest);
    }
  }

  delete(key: string): void {
    this.values.delete(key);
  }
}

/**
 * Chooses which statements PostgreSQL prepares: those that a process runs often. Parsing and planning are about half of the cost of a short
 * statement, and a prepared one is parsed once for each connection and planned a few times. A statement for one occasion, such as a rule's
 * count, is not prepared. If there are too many, the least recently used one loses its name and its count.
 */
export class PreparedStatements {
  private readonly runs = new Recent<number>(mostCounted);
  private readonly names = new Recent<string>(mostNames);
  /** A pooler may give one connection of PostgreSQL to several processes, so no two processes may use the same name. */
  private readonly prefix = `p${String(process.pid)}_${randomBytes(6).toString('hex')}`;
  private generation = 0;

  /** Counts one run. @returns the name to prepare it under, undefined if it is not prepared */
  nameOf(text: string): string | undefined {
    const name = this.names.use(text);
    if (name !== undefined) return name;
    const runs = (this.runs.use(text) ?? 0) + 1;
    if (runs <= frequentAfter) {
      this.runs.set(text, runs);
      return undefined;
    }
    this.runs.delete(text);
    return this.renew(text);
  }

  /** Gives a statement another name, after PostgreSQL refused the one that was prepared under the old name. */
  renew(text: string): string {
    this.generation += 1;
    const name = `${this.prefix}_${String(this.generation)}`;
    this.names.set(text, name);
    return name;
  }
}

/**
 * Lets the connections of a pool prepare their frequent statements. Statements without parameters are not changed. PostgreSQL keeps
 * statements under old names as long as the connection lasts, so a connection with too many is closed when it is released.
 */
export function prepareFrequent(pool: Pool): void {
  const statements = new PreparedStatements();
  const preparedBy = new WeakMap<ClientBase, Set<string>>();
  pool.on('connect', (client) => {
    const prepared = new Set<string>();
    preparedBy.set(client, prepared);
    prepareOn(client, statements, prepared);
  });
  pool.on('release', (_error, client) => {
    if ((preparedBy.get(client)?.size ?? 0) > 2 * mostNames) void client.end();
  });
}

function prepareOn(client: ClientBase, statements: PreparedStatements, prepared: Set<string>): void {
  const query = client.query.bind(client) as (...given: readonly unknown[]) => Promise<unknown>;
  const run = (name: string, text: string, values: readonly unknown[]): Promise<unknown> => {
    prepared.add(name);
    return query({ name, text, values });
  };
  const asked = (text: unknown, values: unknown, ...more: readonly unknown[]): Promise<unknown> => {
    const isStatement = typeof text === 'string' && Array.isArray(values) && values.length > 0 && more.length === 0;
    const name = isStatement ? statements.nameOf(text) : undefined;
    if (!isStatement || name === undefined) return query(text, values, ...more);
    return run(name, text, values).catch((error: unknown) => {
      if (!isOutdatedPlan(codeOf(error))) throw error;
      const another = statements.renew(text);
      // In a transaction nothing more is possible: the code that began it may try all of it again.
      if (client.getTransactionStatus() !== 'I') throw error;
      return run(another, text, values);
    });
  };
  client.query = asked as ClientBase['query'];
}
