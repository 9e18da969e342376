import { PostgreSqlConnection, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { DatabaseConnection, PostgresDialect, TransactionSettings } from 'kysely';
import type { Pool } from 'pg';
import { prepareFrequent } from './prepared-statements.js';
import { withoutRows } from './without-rows.js';

/**
 * Gives a connection back to the pool when it was lost inside a transaction. Kysely 0.29 keeps it for ever where `begin`
 * or `rollback` fails: after as many losses as the pool is large, every query would wait without end. Errors leave it without
 * the rows that they were about.
 */
class SteadyConnection extends PostgreSqlConnection {
  override createKyselyDialect(overrides: Parameters<PostgreSqlConnection['createKyselyDialect']>[0]): PostgresDialect {
    const ours = { ...overrides, onPoolCreated: (pool: Pool): void => prepareFrequent(pool) };
    const dialect = super.createKyselyDialect(ours);
    const createDriver = dialect.createDriver.bind(dialect);
    dialect.createDriver = () => {
      const driver = createDriver();
      const acquire = driver.acquireConnection.bind(driver);
      const known = new WeakSet<DatabaseConnection>();
      driver.acquireConnection = async (options) => {
        const connection = await acquire(options);
        if (!known.has(connection)) discreet(connection);
        known.add(connection);
        return connection;
      };
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
function discreet(connection: DatabaseConnection): void {
  const execute = connection.executeQuery.bind(connection);
  const executeQuery = (...asked: Parameters<DatabaseConnection['executeQuery']>): Promise<unknown> =>
    execute(...asked).catch((error: unknown) => {
      throw withoutRows(error);
    });
  Object.assign(connection, { executeQuery });
}

/** PostgreSQL whose pool survives the loss of its connections. */
export class SteadyPostgreSqlDriver extends PostgreSqlDriver {
  protected override readonly connection = new SteadyConnection(this.config);
}
