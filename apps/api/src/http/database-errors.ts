import { codeOf } from '../../../../libs/platform/code-of.js';
import { Problem } from '../../../../libs/platform/problem.js';

const busy = new Problem('unavailable', 'The database is busy', [], 'Try again in a moment.');
const down = new Problem('unavailable', 'The database does not answer', [], 'Try again in a moment; GET /health/ready shows what is down.');
const unstorable = new Problem('invalid', 'A text contains a character that cannot be stored', [
  { where: 'the request', what: 'contains U+0000' },
]);

/** The meaning of PostgreSQL's error codes (and those of its connection) for a caller, if they have one. */
const errors: Readonly<Record<string, Problem>> = {
  '22021': unstorable,
  '22P05': unstorable,
  '40001': busy,
  '40P01': busy,
  '53300': busy,
  '57P01': down,
  '57P02': down,
  '57P03': down,
  ECONNREFUSED: down,
  ECONNRESET: down,
};

/** The code of an error of PostgreSQL or of its connection; empty if it has none. */
export function databaseErrorCode(error: unknown): string {
  // The message of node-postgres, without a code, if the server went away during a statement.
  const wentAway = error instanceof Error && error.message.startsWith('Connection terminated');
  return codeOf(error) || (wentAway ? 'ECONNRESET' : '');
}

/** A database error as a caller should see it; undefined if it is a defect. */
export function errorOf(error: unknown): Problem | undefined {
  const code = databaseErrorCode(error);
  return Object.hasOwn(errors, code) ? errors[code] : undefined;
}
