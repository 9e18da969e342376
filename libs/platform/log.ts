import { pino, type Logger } from 'pino';

export type { Logger };

/** Keys under which personal data could slip into a log line by mistake; their values are struck out. */
const personal = ['name', 'address', 'email', 'phone', 'to', 'from', 'body', 'text', 'Body', 'To', 'From', 'authorization', 'cookie'];

/**
 * The structured log of one process: a JSON object a line on standard error, so that standard output stays a program's own.
 * Log ids, counts and kinds, never a customer's words or addresses.
 */
export function createLogger(process: string, level: string): Logger {
  return pino(
    {
      level,
      base: { process },
      redact: { paths: personal.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[personal]' },
    },
    pino.destination({ dest: 2, sync: false }),
  );
}
