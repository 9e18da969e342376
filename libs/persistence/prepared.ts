import type { ClientBase } from 'pg';

const names = new Map<string, string>();

/**
 * Has each connection parse and plan a statement once, instead of each time. For the few that run hundreds of times a
 * second over a handful of rows, where that costs as much as they do themselves, and whose plan does not hang on their
 * parameters.
 */
export function prepared(sql: string): string {
  if (!names.has(sql)) names.set(sql, `prepared_${names.size}`);
  return sql;
}

type Ask = (text: unknown, ...rest: unknown[]) => unknown;

/** Gives what is to be prepared its name on the way through a connection; all else passes as it is. */
export function namePrepared(client: ClientBase): void {
  const ask = client.query.bind(client) as Ask;
  const named: Ask = (text, ...rest) => {
    const name = typeof text === 'string' ? names.get(text) : undefined;
    return ask(name === undefined ? text : { name, text }, ...rest);
  };
  client.query = named as typeof client.query;
}
