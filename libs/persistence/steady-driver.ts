import { PostgreSqlConnection, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { DatabaseConnection, PostgresDialect, TransactionSettings } from 'kysely';
import type { ClientBase, Pool } from 'pg';
import { prepareFrequent } from './prepared-statements.js';
import { withoutRows } from './without-rows.js';

/**
 * Returns a connection to the pool when it was lost inside a transaction. Kysely 0.29 keeps it for ever if `begin` or `rollback` fails:
 * when every connection of the pool was lost in this way, every query would wait for ever. Its errors do not contain the rows that they are
 * about.
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
      // PostgreSQL has rolled back the transaction of a lost connection; the pool discards the connection itself.
      driver.rollbackTransaction = (connection: DatabaseConnection) => rollback(connection).catch(() => undefined);
      return driver;
    };
    return dialect;
  }
}

/** Removes the rows that they are about from the errors of a connection. */
function discreet(client: ClientBase): void {
  const query = client.query.bind(client) as (...given: readonly unknown[]) => unknown;
  const asked = (...given: readonly unknown[]): unknown => {
    const answer = query(...given);
    // A cursor is not a promise: its reader gets its errors.
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
