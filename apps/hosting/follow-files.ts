import type { MikroORM } from '@mikro-orm/postgresql';
import { clearAlert, clearFixedFiles, raiseAlert } from '../../libs/access/alerts.js';
import type { Clock } from '../../libs/platform/clock.js';
import { folderStamp } from '../../libs/platform/folder-stamp.js';
import type { Logger } from '../../libs/platform/log.js';
import { Problem, type ProblemPlace } from '../../libs/platform/problem.js';
import { describeChange, type DocumentChange } from '../../libs/content/documents.js';
import { latestPublication } from '../../libs/content/publications.js';
import type { Publication } from '../../libs/content/publication.entity.js';
import { readContentFolder } from '../../libs/publishing/content.js';
import { filesNotPublished, publish } from '../../libs/publishing/publish.js';

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

/** Changes that an alert names. */
const mostShown = 8;

/**
 * Publishes the files of a folder whenever they have changed: for a laptop, where whoever edits them is alone. Files with an error are not
 * published, and an alert says what is wrong with each; what is published stays. Nor are files that differ from a rollback: whoever
 * published the older version again wants it, until somebody publishes again.
 * @returns checks once whether the files have changed, or a version was rolled back, since the check before
 */
export function followFiles({ orm, folder, company, author, clock, log }: FollowParts): () => Promise<void> {
  let seen: { readonly stamp: string; readonly rollback: number | undefined } | undefined;
  return async () => {
    const stamp = folderStamp(folder);
    const em = orm.em.fork();
    const latest = await latestPublication(em);
    const rollback = latest?.restores == null ? undefined : latest;
    // Another new version is no reason to publish: its author has replaced these files on purpose.
    if (stamp === seen?.stamp && (rollback === undefined || rollback.version === seen.rollback)) return;
    try {
      const documents = await readContentFolder(folder);
      const request = { documents, author, note: 'Changed files', onto: latest?.version ?? 0, dryRun: rollback !== undefined };
      const { version, created, changes } = await publish(em, request, company, clock.now());
      if (created) log.info({ version, changed: changes.map(({ path }) => path) }, 'changed files were published');
      if (rollback !== undefined) await reportUnpublished(rollback, changes);
      await clearFixedFiles(em, [], clock.now());
    } catch (error) {
      if (!(error instanceof Problem && (error.kind === 'invalid' || error.kind === 'too-large'))) throw error;
      await reportErrors(error.kind === 'too-large' ? asOne(error.places) : error.places);
    }
    seen = { stamp, rollback: rollback?.version };
  };

  async function reportUnpublished({ version, author: by, restores }: Publication, changes: readonly DocumentChange[]): Promise<void> {
    const em = orm.em.fork();
    // What an alert of before says may be no longer true.
    await clearAlert(em, filesNotPublished.kind, filesNotPublished.subject, clock.now());
    if (changes.length === 0) return;
    const differs = changes.map(describeChange);
    const shown = [
      ...differs.slice(0, mostShown),
      ...(differs.length > mostShown ? [`and ${String(differs.length - mostShown)} more`] : []),
    ];
    const detail = `Version ${String(version)}, by ${by}, is version ${String(restores)} again. The files differ from it: ${shown.join(', ')}. \`perennial publish\` publishes them.`;
    log.warn({ version, restores, differs }, 'changed files were not published over a rollback; `perennial publish` publishes them');
    await raiseAlert(em, { ...filesNotPublished, detail }, clock.now());
  }

  async function reportErrors(places: readonly ProblemPlace[]): Promise<void> {
    const em = orm.em.fork();
    const now = clock.now();
    const first = new Map(places.map(({ where, what }) => [where.replace(/:\d+$/, ''), `${where}: ${what}`] as const).reverse());
    await clearFixedFiles(em, [...first.keys()], now);
    for (const [file, what] of first) {
      log.error({ file, what }, 'a changed file was not published; the published version stays in use');
      await raiseAlert(em, { kind: 'files-broken', subject: file, detail: `${what}. The published version stays in use.` }, now);
    }
  }
}

/** The places as one: a document is not wrong because it is one of the largest. */
function asOne([whole, ...largest]: readonly ProblemPlace[]): ProblemPlace[] {
  if (whole === undefined) return [];
  return [{ ...whole, what: [whole.what, ...largest.map(({ where, what }) => `${where} ${what}`)].join(', ') }];
}
