import type { ClientBase } from 'pg';

const names = new Map<string, string>();

/**
 * Has each connection parse a statement once, instead of each time. For the few that run hundreds of times a second over a
 * handful of rows, where that costs as much as they do themselves.
 */
export function prepared(sql: string): string {
  if (!names.has(sql)) names.set(sql, `prepared_${names.size}`);
  return sql;
}

type Ask = (text: unknown, ...rest: unknown[]) => unknown;

/**
 * Readies a new connection: what is to be prepared gets its name on the way through, all else passes as it is. It is still
 * planned each time, for the table as it then is: PostgreSQL would keep the plan that it made while it was nearly empty.
 */
export async function readyConnection(client: ClientBase): Promise<void> {
  await client.query('set plan_cache_mode = force_custom_plan');
  const ask = client.query.bind(client) as Ask;
  const named: Ask = (text, ...rest) => {
    const name = typeof text === 'string' ? names.get(text) : undefined;
    return ask(name === undefined ? text : { name, text }, ...rest);
  };
  client.query = named as typeof client.query;
}
