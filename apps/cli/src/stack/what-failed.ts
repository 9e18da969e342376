/** Information about a thrown value from any realm (jest gives its specs their own `Error`). */
interface Failure {
  readonly message?: unknown;
  readonly stderr?: unknown;
  readonly cause?: unknown;
}

const asFailure = (error: unknown): Failure => (typeof error === 'object' && error !== null ? error : {});

/** What a person should read: the last line of a failed program's output, otherwise the message of the deepest cause. */
export function reasonOf(error: unknown): string {
  const { stderr, cause, message } = asFailure(error);
  const said = typeof stderr === 'string' ? stderr.trim().split('\n').at(-1) : undefined;
  if (said !== undefined && said !== '') return said.trim();
  if (cause !== undefined) return reasonOf(cause);
  return typeof message === 'string' ? message : String(error);
}
