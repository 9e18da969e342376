import { PostgreSqlConnection, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { DatabaseConnection, PostgresDialect, TransactionSettings } from 'kysely';
import type { ClientBase, Pool } from 'pg';
import { prepareFrequent } from './prepared-statements.js';
import { withoutRows } from './without-rows.js';

/**
 * Gives a connection back to the pool when it was lost inside a transaction. Kysely 0.29 keeps it for ever where `begin`
 * or `rollback` fails: after as many losses as the pool is large, every query would wait without end. Errors leave it without
 * the rows that they were about.
 */
class SteadyConnection extends PostgreSqlConnection {
  override createKyselyDialect(overrides: Parameters<PostgreSqlConnection['createKyselyDialect']>[0]): PostgresDialect {
    const ours = {
      ...overrides,
      onPoolCreated: (pool: Pool): void => {
        pool.on('connect', discreet);
        prepareFrequent(pool);
      },
    };
    const dialect = super.createKyselyDialect(ours);
    const createDriver = dialect.createDriver.bind(dialect);
    dialect.createDriver = () => {
      const driver = createDriver();
      const begin = driver.beginTransaction.bind(driver);
      const rollback = driver.rollbackTransaction.bind(driver);
      driver.beginTransaction = async (connection: DatabaseConnection, settings: TransactionSettings) => {
        await begin(connection, settings).catch(async (error: unknown) => {
          await driver.releaseConnection(connection);
          throw error;
        });
      };
      // PostgreSQL has rolled back what a lost connection had begun; the pool throws the connection itself away.
      driver.rollbackTransaction = (connection: DatabaseConnection) => rollback(connection).catch(() => undefined);
      return driver;
    };
    return dialect;
  }
}

/** Has the errors of a connection say nothing of the rows that they were about. */
function discreet(client: ClientBase): void {
  const query = client.query.bind(client) as (...given: readonly unknown[]) => unknown;
  const asked = (...given: readonly unknown[]): unknown => {
    const answer = query(...given);
    // A cursor is no promise: it gives its errors to whoever reads it.
    return answer instanceof Promise
      ? answer.catch((error: unknown) => {
          throw withoutRows(error);
        })
      : answer;
  };
  client.query = asked as ClientBase['query'];
}

/** PostgreSQL whose pool survives the loss of its connections. */
export class SteadyPostgreSqlDriver extends PostgreSqlDriver {
  protected override readonly connection = new SteadyConnection(this.config);
}
