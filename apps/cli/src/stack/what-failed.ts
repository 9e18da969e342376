/** What can be learnt of a thing that was thrown, whichever realm made it (jest gives its specs an `Error` of their own). */
interface Failure {
  readonly message?: unknown;
  readonly stderr?: unknown;
  readonly cause?: unknown;
}

const asFailure = (error: unknown): Failure => (typeof error === 'object' && error !== null ? error : {});

/** What a person should read: the last line of a failed program's words, else the message of the deepest cause. */
export function reasonOf(error: unknown): string {
  const { stderr, cause, message } = asFailure(error);
  const said = typeof stderr === 'string' ? stderr.trim().split('\n').at(-1) : undefined;
  if (said !== undefined && said !== '') return said.trim();
  if (cause !== undefined) return reasonOf(cause);
  return typeof message === 'string' ? message : String(error);
}
