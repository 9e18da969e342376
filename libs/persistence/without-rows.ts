/** What PostgreSQL reports about an error besides its message: the row, the key or the value. */
const rows = ['detail', 'where', 'internalQuery'];

/**
 * Removes from an error of PostgreSQL what may be about a person. Errors go to logs and into Temporal's histories, where an erasure does
 * not reach. The code, the table and the constraint stay.
 * @returns the same error
 */
export function withoutRows(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  for (const key of rows) if (key in error) Reflect.deleteProperty(error, key);
  // Class 22, data exceptions: the message itself quotes the value.
  if (error.code.startsWith('22')) {
    const message = error.message;
    error.message = message.replace(/".*"/s, '"..."');
    if (error.stack !== undefined) error.stack = error.stack.replace(message, () => error.message);
  }
  return error;
}
