import type { ClientBase } from 'pg';

/** Runs after which a statement counts as frequent. */
const frequentAfter = 5;
/** Names at most, and texts that are counted at most: each connection keeps what PostgreSQL prepared for a name. */
const mostNames = 300;
const mostCounted = 2_000;
/** Of PostgreSQL: the result's columns changed (by a migration), the name is unknown, the name is taken (behind a pooler). */
const outdated = ['0A000', '26000', '42P05'];

interface Statement {
  runs: number;
  name: string | undefined;
}

/**
 * Chooses which statements PostgreSQL prepares: those that a process runs often. Parsing and planning are about half of what a
 * short statement costs, and a prepared one is parsed once a connection and planned a few times. A statement that is made for
 * one occasion, as a rule's count, stays unprepared.
 */
export class PreparedStatements {
  private readonly statements = new Map<string, Statement>();
  private named = 0;
  private generation = 0;

  /** Counts one run. @returns the name to prepare it under, undefined where it is not prepared */
  nameOf(text: string): string | undefined {
    const statement = this.statements.get(text) ?? this.add(text);
    statement.runs += 1;
    if (statement.name === undefined && statement.runs > frequentAfter && this.named < mostNames) {
      this.named += 1;
      statement.name = this.newName();
    }
    return statement.name;
  }

  /** Gives a statement another name, after PostgreSQL refused what was prepared under the one it had. */
  renew(text: string): void {
    const statement = this.statements.get(text);
    if (statement?.name !== undefined) statement.name = this.newName();
  }

  private add(text: string): Statement {
    if (this.statements.size >= mostCounted) {
      for (const [each, { name }] of this.statements) if (name === undefined) this.statements.delete(each);
    }
    const statement = { runs: 0, name: undefined };
    this.statements.set(text, statement);
    return statement;
  }

  private newName(): string {
    this.generation += 1;
    return `perennial_${String(this.generation)}`;
  }
}

/** Lets a connection prepare its frequent statements. Statements without parameters go out as they are. */
export function prepareFrequent(client: ClientBase, statements: PreparedStatements): void {
  const query = client.query.bind(client) as (...given: readonly unknown[]) => Promise<unknown>;
  const prepared = (text: unknown, values: unknown, ...more: readonly unknown[]): Promise<unknown> => {
    const isStatement = typeof text === 'string' && Array.isArray(values) && values.length > 0 && more.length === 0;
    const name = isStatement ? statements.nameOf(text) : undefined;
    if (!isStatement || name === undefined) return query(text, values, ...more);
    return query({ name, text, values }).catch((error: unknown) => {
      if (outdated.includes(codeOf(error))) statements.renew(text);
      throw error;
    });
  };
  client.query = prepared as ClientBase['query'];
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
