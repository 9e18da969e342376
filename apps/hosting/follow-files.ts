import type { MikroORM } from '@mikro-orm/postgresql';
import { clearFixedFiles, raiseAlert } from '../../libs/access/alerts.js';
import type { Clock } from '../../libs/platform/clock.js';
import { folderStamp } from '../../libs/platform/folder-stamp.js';
import type { Logger } from '../../libs/platform/log.js';
import { Problem, type ProblemPlace } from '../../libs/platform/problem.js';
import { readContentFolder } from '../../libs/publishing/content.js';
import { publish } from '../../libs/publishing/publish.js';

export interface FollowParts {
  readonly orm: MikroORM;
  readonly folder: string;
  /** The company's own locale. */
  readonly company: string;
  /** Who edits the files. */
  readonly author: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Publishes the files of a folder whenever they have changed: for a laptop with a single editor. Files with an error are not published, and
 * an alert reports each error; the published content stays. @returns a function that checks once whether they have changed since the last
 * check
 */
export function followFiles({ orm, folder, company, author, clock, log }: FollowParts): () => Promise<void> {
  let seen: string | undefined;
  return async () => {
    const stamp = folderStamp(folder);
    if (stamp === seen) return;
    const em = orm.em.fork();
    try {
      const documents = await readContentFolder(folder);
      const { version, created, changes } = await publish(em, { documents, author, note: 'Changed files' }, company, clock.now());
      if (created) log.info({ version, changed: changes.map(({ path }) => path) }, 'changed files were published');
      await clearFixedFiles(em, [], clock.now());
    } catch (error) {
      if (!(error instanceof Problem && error.kind === 'invalid')) throw error;
      await reportErrors(error.places);
    }
    seen = stamp;
  };

  async function reportErrors(places: readonly ProblemPlace[]): Promise<void> {
    const em = orm.em.fork();
    const now = clock.now();
    const first = new Map(places.map(({ where, what }) => [where.replace(/:\d+$/, ''), `${where}: ${what}`] as const).reverse());
    await clearFixedFiles(em, [...first.keys()], now);
    for (const [file, what] of first) {
      log.error({ file, what }, 'a changed file was not published; what is published still holds');
      await raiseAlert(em, { kind: 'files-broken', subject: file, detail: `${what}. What is published still holds.` }, now);
    }
  }
}
