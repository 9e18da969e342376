import { createHash } from 'node:crypto';
import type { Arm } from './enrolment.entity.js';

const steps = 2 ** 32;

/**
 * The arm of a customer in a campaign: the first 32 bits of SHA-256 over `key:customer`, as a share of 2^32, against the
 * holdout. The same for every version and every enrolment, so nobody changes sides; a larger holdout keeps those who were in the smaller.
 * @param holdout the share held out, 0 to 1
 */
export function armOf(campaignKey: string, customerId: string, holdout: number): Arm {
  const hash = createHash('sha256').update(`${campaignKey}:${customerId}`).digest();
  return hash.readUInt32BE(0) / steps < holdout ? 'holdout' : 'treated';
}

/** The same in SQL, for a whole population at once. Each argument is an SQL expression: text, uuid, double precision. */
export function armSql(campaignKey: string, customerId: string, holdout: string): string {
  const hash = `encode(sha256(convert_to(${campaignKey}::text || ':' || ${customerId}::text, 'UTF8')), 'hex')`;
  const share = `('x' || left(${hash}, 8))::bit(32)::bigint::double precision / ${String(steps)}`;
  return `case when ${share} < ${holdout}::double precision then 'holdout' else 'treated' end`;
}
