import { z } from 'zod';
import { readConfigFile } from '../../platform/config-file.js';

/**
 * The consequences of a class of error. `attempts`: how often a message is submitted before it counts as rejected. `ends`: what it means
 * for the address.
 */
interface ErrorClassRule {
  readonly outcome: 'rejected' | 'retry' | 'unknown';
  readonly attempts?: number;
  readonly ends?: 'consent' | 'address';
  /** Somebody at the company has to check: it is logged as an error. */
  readonly alert?: true;
  /**
   * What it means for the provider: it is `down`, it `refuses` everything that we send, or it is `busy` and wants us to slow down. Missing:
   * it concerns one message or address only, and says nothing about the next.
   */
  readonly provider?: 'down' | 'refuses' | 'busy';
  /** The next message of the campaign would fail too: the campaign pauses, and the message waits. */
  readonly pauses?: true;
}

export const errorClassNames = [
  'opt-out',
  'dead-address',
  'alert',
  'sender-refused',
  'transient',
  'slow-down',
  'safe-retry',
  'ambiguous',
  'refused',
  'template',
] as const;
export type ErrorClass = (typeof errorClassNames)[number];

export const errorClasses: Readonly<Record<ErrorClass, ErrorClassRule>> = {
  'opt-out': { outcome: 'rejected', ends: 'consent' },
  'dead-address': { outcome: 'rejected', ends: 'address' },
  alert: { outcome: 'rejected', alert: true, provider: 'refuses' },
  /** The provider refuses us, not the message: it waits until somebody has fixed the cause. */
  'sender-refused': { outcome: 'retry', alert: true, provider: 'refuses' },
  transient: { outcome: 'retry', attempts: 5 },
  /** The provider asked to slow down: the message's time to be sent is the only limit. */
  'slow-down': { outcome: 'retry', provider: 'busy' },
  /** The provider was not reached, or could not take anything: the message's time to be sent is the only limit. */
  'safe-retry': { outcome: 'retry', provider: 'down' },
  /** It may have been sent, so it is never sent again. */
  ambiguous: { outcome: 'unknown', provider: 'down' },
  refused: { outcome: 'rejected' },
  /** The message could not be composed, or the composed message cannot be sent to anybody. After this many resumes it is given up. */
  template: { outcome: 'retry', attempts: 5, alert: true, pauses: true },
};

const errorTable = z.strictObject({
  codes: z.record(z.string(), z.enum(errorClassNames)),
  otherwise: z.enum(errorClassNames),
});
/** The meaning of the codes of one channel's provider. */
export type ErrorTable = z.infer<typeof errorTable>;

const file = 'provider-errors.yaml';
const tables = readTables();

/**
 * The table of a channel from config/provider-errors.yaml.
 * @param usual the channel's default, for a file without an entry
 * @throws Error if there is neither: then nothing starts
 */
export function errorsOf(channel: string, usual?: ErrorTable): ErrorTable {
  const table = tables[channel] ?? usual;
  if (table === undefined) throw new Error(`config/${file} says nothing of the channel ${channel}`);
  return table;
}

/**
 * The class of a provider's code: a Twilio code or HTTP status, an SMTP reply ("550"), or an enhanced status ("5.1.1"), which is looked up
 * whole, then without its last part ("5.1"), and last by its first digit. If there are several codes, the first one in the list counts.
 */
export function classifyError({ codes: listed, otherwise }: ErrorTable, ...codes: readonly string[]): ErrorClass {
  const forms = [...codes.flatMap((code) => [code, code.split('.').slice(0, -1).join('.')]), ...codes.map((code) => code.slice(0, 1))];
  return forms.map((form) => listed[form]).find((known) => known !== undefined) ?? otherwise;
}

function readTables(): Readonly<Record<string, ErrorTable>> {
  return readConfigFile(file, z.record(z.string(), errorTable));
}
