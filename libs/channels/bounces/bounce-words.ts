import { z } from 'zod';
import { readConfigFile } from '../../platform/config-file.js';
import { findPhrase } from '../../platform/wording.js';
import { errorClassNames } from '../contract/provider-errors.js';

const failureKinds = ['dead-address', 'mailbox-full', 'too-large', 'passing', 'policy', 'relay-denied', 'expired', 'other'] as const;
/** Why a mail did not arrive. */
export type FailureKind = (typeof failureKinds)[number];

const kind = z.enum(failureKinds);
const phrases = z.array(z.string().min(2));
const file = z.strictObject({
  kinds: z.record(kind, z.enum(errorClassNames)),
  failures: z.array(z.strictObject({ kind, sure: z.boolean().default(false), words: phrases })),
  codes: z.record(z.string(), kind),
  spares: z.record(z.string(), kind),
  delays: phrases,
  'given-up': phrases,
  subjects: phrases,
  openings: phrases,
  returned: phrases,
});

const table = readConfigFile('bounces.yaml', file);

/** `config/bounces.yaml`, ready to use. */
export const bounceWords = {
  kinds: table.kinds,
  codes: table.codes,
  failures: table.failures.map(({ kind, sure, words }) => ({ kind, sure, find: findPhrase(words) })),
  /** The kind of a code, in full or by its first two parts, for an error that is not about the recipient's address. */
  spares: (code = '') => table.spares[code] ?? table.spares[code.split('.').slice(0, 2).join('.')],

  delays: findPhrase(table.delays),
  givenUp: findPhrase(table['given-up']),
  subjects: findPhrase(table.subjects),
  openings: findPhrase(table.openings),
  returned: findPhrase(table.returned),
} as const;
