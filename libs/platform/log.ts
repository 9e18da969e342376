import { pino, type DestinationStream, type Logger } from 'pino';

export type { DestinationStream, Logger };

/** Keys under which personal data could slip into a log line by mistake; their values are struck out. */
const personal = ['name', 'address', 'email', 'phone', 'to', 'from', 'body', 'text', 'Body', 'To', 'From', 'authorization', 'cookie'];

/** What PostgreSQL says of an error besides its message: the row, the key or the value that it was about. */
const rowsOfErrors = ['detail', 'where', 'hint', 'internalQuery'];

/** What is struck out of every line. */
export const redaction = {
  paths: [...personal.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), ...rowsOfErrors.map((key) => `err.${key}`)],
  censor: '[personal]',
};

/**
 * The structured log of one process: a JSON object a line on standard error, so that standard output stays a program's own.
 * Log ids, counts and kinds, never a customer's words or addresses.
 * @param to where lines go instead
 */
export function createLogger(process: string, level: string, to: DestinationStream = pino.destination({ dest: 2, sync: false })): Logger {
  return pino(
    {
      level,
      base: { process },
      redact: redaction,
    },
    to,
  );
}
