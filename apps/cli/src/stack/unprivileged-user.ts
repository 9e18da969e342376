import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StackProblem } from './part.js';

export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. If this process is root: the user to run it as instead; otherwise undefined. */
export async function unprivilegedUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  for (const wanted of ['postgres', 'nobody']) {
    for (const line of users.split('\n')) {
      const [name, , uid, gid] = line.split(':');
      if (name === wanted) return { name, uid: Number(uid), gid: Number(gid) };
    }
  }
  throw new StackProblem(
    'PostgreSQL refuses to run as root, and there is no user postgres: run this as an ordinary user, or useradd --system postgres.',
  );
}

/** Whether another user may enter every directory above a path; those that do not exist yet are made enterable. */
export async function mayReach(path: string, user: SystemUser): Promise<boolean> {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const found = await stat(directory).catch(() => undefined);
    if (found !== undefined && (found.mode & (found.uid === user.uid ? 0o100 : 0o001)) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}

/**
 * A place for PostgreSQL's files, instead of one below a directory that only root may enter, such as /root: always the same for the same
 * path.
 */
export function reachablePlace(path: string): string {
  return join('/var/tmp', `perennial-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`);
}
