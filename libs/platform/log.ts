import { pino, type DestinationStream, type Logger } from 'pino';

export type { DestinationStream, Logger };

/** Keys under which personal data could get into a log line by mistake; their values are removed. */
const personal = ['name', 'address', 'email', 'phone', 'to', 'from', 'body', 'text', 'Body', 'To', 'From', 'authorization', 'cookie'];

/** What PostgreSQL reports about an error besides its message: the row, the key or the value. */
const rowsOfErrors = ['detail', 'where', 'hint', 'internalQuery'];

/** What is removed from every line. */
export const redaction = {
  paths: [...personal.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), ...rowsOfErrors.map((key) => `err.${key}`)],
  censor: '[personal]',
};

/**
 * The structured log of one process: one JSON object per line on standard error, so that standard output stays free for the program's
 * results. Log ids, counts and kinds, never a customer's words or addresses.
 * @param to writes the lines somewhere else
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
