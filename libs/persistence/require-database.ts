import type { MikroORM } from '@mikro-orm/postgresql';
import { Problem } from '../platform/problem.js';
import { queryOne } from './sql.js';

/** The errors of PostgreSQL and of the network (SQLSTATE, or the system's code), for the person who set the address. */
const errors: Readonly<Record<string, string>> = {
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
 * Checks whether the database can be used.
 * @param url its address; the password is never shown
 * @throws Problem unavailable with the cause and the advice
 */
export async function requireDatabase(orm: MikroORM, url: string): Promise<void> {
  try {
    await queryOne(orm.em.fork(), 'select 1');
  } catch (error) {
    const { code = '' } = error as { readonly code?: string };
    const what = errors[code];
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
