import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StackProblem } from './part.js';

export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. Where this process is root: the user to run it as instead; else undefined. */
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

/** @throws StackProblem naming the directory above a path that another user may not enter */
export async function mustReach(path: string, user: SystemUser): Promise<void> {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const { mode, uid } = await stat(directory);
    const mayEnter = uid === user.uid ? (mode & 0o100) !== 0 : (mode & 0o001) !== 0;
    if (!mayEnter) {
      throw new StackProblem(
        `PostgreSQL refuses to run as root, and the user ${user.name} may not enter ${directory}: run this as an ordinary user, or from a directory that all may enter.`,
      );
    }
    if (directory === dirname(directory)) return;
  }
}
