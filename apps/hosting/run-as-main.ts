import { fileURLToPath } from 'node:url';
import { readSettings, type Settings } from '../../config/settings.js';
import { explain } from './explain.js';

/** A process of the product: started from its settings, closed without cutting work in half. */
export interface Running {
  close(): Promise<void>;
  /** Rejects if the process can no longer work and should be restarted. */
  readonly failed?: Promise<never>;
}

/**
 * Runs `start` if the module is the program that was called (and does nothing if it was imported): settings are read or refused with one
 * list, SIGTERM and SIGINT close it, a second one gives up waiting.
 */
export async function runAsMain(meta: ImportMeta, start: (settings: Settings) => Promise<Running>): Promise<void> {
  if (process.argv[1] !== fileURLToPath(meta.url)) return;
  try {
    const running = await start(readSettings(process.env));
    const stop = (): void => {
      process.once('SIGINT', () => process.exit(1));
      process.once('SIGTERM', () => process.exit(1));
      running.close().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    running.failed?.catch(fail);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): never {
  process.stderr.write(`${explain(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`);
  process.exit(1);
}
