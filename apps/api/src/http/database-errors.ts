import { codeOf } from '../../../../libs/platform/code-of.js';
import { Problem } from '../../../../libs/platform/problem.js';

const busy = new Problem('unavailable', 'The database is busy', [], 'Try again in a moment.');
const down = new Problem('unavailable', 'The database does not answer', [], 'Try again in a moment; GET /health/ready says what is down.');
const unstorable = new Problem('invalid', 'A text contains a character that cannot be stored', [
  { where: 'the request', what: 'holds U+0000' },
]);

/** What PostgreSQL's error codes (and those of its connection) mean to a caller, where they mean something. */
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
  // What node-postgres says, without a code, where the server went away in the middle of a statement.
  const wentAway = error instanceof Error && error.message.startsWith('Connection terminated');
  return codeOf(error) || (wentAway ? 'ECONNRESET' : '');
}

/** An error of the database as a caller should hear of it; undefined if it is a defect. */
export function errorOf(error: unknown): Problem | undefined {
  const code = databaseErrorCode(error);
  return Object.hasOwn(errors, code) ? errors[code] : undefined;
}
