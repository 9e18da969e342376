import { createHash } from 'node:crypto';
import type { ScoreName } from '../../scores/kinds/table.js';

const validationShare = 0.2;

/** Whether a customer is never learnt from, only measured on. The salt decides who they are, so it never changes. */
export function isInValidationSet(kind: ScoreName, externalId: string): boolean {
  const hash = createHash('sha256').update(`hold-back:${kind}:${externalId}`).digest();
  return hash.readUInt32BE(0) / 2 ** 32 < validationShare;
}
