import { createHash } from 'node:crypto';
import type { Arm } from './enrolment.entity.js';

const steps = 2 ** 32;

/**
 * The arm of a customer in a campaign: the first 32 bits of SHA-256 over `key:externalId`, as a share of 2^32, against the holdout. It is
 * the same for every version and every enrolment, so nobody changes arms, not even a customer who was deleted and imported again: only the
 * company's own number counts. A larger holdout keeps everybody who was in a smaller one.
 * @param externalId the company's own number for the customer
 * @param holdout the share held out, 0 to 1
 */
export function armOf(campaignKey: string, externalId: string, holdout: number): Arm {
  const hash = createHash('sha256').update(`${campaignKey}:${externalId}`).digest();
  return hash.readUInt32BE(0) / steps < holdout ? 'holdout' : 'treated';
}

/** The same in SQL, for a whole population at once. Each argument is an SQL expression: text, text, double precision. */
export function armSql(campaignKey: string, externalId: string, holdout: string): string {
  const hash = `encode(sha256(convert_to(${campaignKey}::text || ':' || ${externalId}::text, 'UTF8')), 'hex')`;
  const share = `('x' || left(${hash}, 8))::bit(32)::bigint::double precision / ${String(steps)}`;
  return `case when ${share} < ${holdout}::double precision then 'holdout' else 'treated' end`;
}
