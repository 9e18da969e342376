import type { MikroORM } from '@mikro-orm/postgresql';
import { Problem } from '../platform/problem.js';
import { queryOne } from './sql.js';

/** What PostgreSQL and the way to it say (SQLSTATE, or the system's code), to a person who set the address. */
const faults: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'does not answer',
  ECONNRESET: 'breaks off',
  ETIMEDOUT: 'does not answer',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ENOTFOUND: 'is not known by this name',
  EAI_AGAIN: 'is not known by this name',
  '28P01': 'refuses the password',
  '28000': 'refuses the login',
  '3D000': 'has no such database',
  '53300': 'has too many connections',
  '57P03': 'is starting',
};

/**
 * Asks whether the database can be used.
 * @param url its address, of which the password is never shown
 * @throws Problem unavailable that says what is wrong and what to do
 */
export async function requireDatabase(orm: MikroORM, url: string): Promise<void> {
  try {
    await queryOne(orm.em.fork(), 'select 1');
  } catch (error) {
    const { code = '' } = error as { readonly code?: string };
    const what = faults[code];
    if (what === undefined) throw error;
    const { host, pathname } = new URL(url);
    throw new Problem(
      'unavailable',
      `PostgreSQL at ${host}${pathname} ${what} (${code})`,
      [],
      'Start it, or correct PERENNIAL_DATABASE_URL.',
    );
  }
}
