import type { EntityManager } from '@mikro-orm/postgresql';
import { clearAlert } from '../access/alerts.js';
import { changesBetween, digestsOf, type DocumentChange, type Documents } from '../content/documents.js';
import {
  digestsAt,
  documentsOf,
  findPublication,
  insertPublication,
  latestPublication,
  lockPublications,
} from '../content/publications.js';
import type { Publication } from '../content/publication.entity.js';
import { templatesFolder } from '../messaging/templates/templates-content.js';
import { whyUnfit } from '../platform/bounds.js';
import { conflict, Problem, type ProblemPlace } from '../platform/problem.js';
import { replaceTreatments } from '../treatments/treatments.js';
import { soundContent } from './content.js';
import { unreadableRules } from './rules-in-use.js';

/** The author of what the product publishes automatically. */
export const systemAuthor = 'system';

/** The alert that files which are followed differ from a rollback. */
export const filesNotPublished = { kind: 'files-not-published', subject: 'files' } as const;

export interface PublishRequest {
  /** All documents, including unchanged ones. */
  readonly documents: Documents;
  readonly author: string;
  readonly note?: string | null;
  /** The version that the author has seen as the latest, 0 for none; if it is missing, this is not checked. */
  readonly onto?: number;
  /** The version whose documents these are, where it is a rollback. */
  readonly restores?: number;
  /** Only reports what would change. */
  readonly dryRun?: boolean;
}

export interface Published {
  /** The latest version: the new one, or, if nothing changed or it was a dry run, the existing one; 0 if there is none. */
  readonly version: number;
  readonly changes: readonly DocumentChange[];
  /** Whether this made a new version. */
  readonly created: boolean;
}

const mebibyte = 1_048_576;
/** The limits of a publication: documents, characters of each document, and bytes of all documents as UTF-8. */
export const most = { documents: 2_000, characters: 200_000, bytes: 4 * mebibyte } as const;
/** The remedy for a publication over a limit. It cannot be split, because each publication contains all documents. */
export const shorten = 'Shorten the largest documents, or remove those that no campaign uses any more.';

/**
 * Publishes a complete set of documents, or refuses all of it.
 * @param company the company's own locale
 * @throws Problem invalid with every error of every document, and every rule in use that would become unreadable; Problem too-large;
 *   Problem conflict if another has published since `onto`
 */
export async function publish(em: EntityManager, request: PublishRequest, company: string, now: Date): Promise<Published> {
  const { documents, author, note = null, onto, restores = null, dryRun = false } = request;
  const unfit = [...unfitAmong({ author, ...(note !== null && { note }) }), ...unfitDocuments(documents)];
  if (unfit.length > 0) throw new Problem('invalid', 'This cannot be published', unfit);
  expectSmallEnough(documents);
  const content = await soundContent(documents, company);
  return em.transactional(async (tx) => {
    await lockPublications(tx);
    const latest = await latestPublication(tx);
    const version = latest?.version ?? 0;
    if (onto !== undefined && onto !== version) throw publishedMeanwhile(latest, onto);
    const changes = changesBetween(await digestsAt(tx, version), digestsOf(documents));
    const unreadable = await unreadableRules(tx, content.fields);
    if (unreadable.length > 0) {
      const remedy = 'Keep these fields, or first end the campaigns and change the segments that use them.';
      throw new Problem('invalid', 'Rules in use need fields that this would remove', unreadable, remedy);
    }
    if (dryRun || changes.length === 0) return { version, changes, created: false };
    // It may have waited for another, or come from a machine whose clock is behind: no publication is dated before the previous one.
    const at = latest !== undefined && latest.publishedAt > now ? latest.publishedAt : now;
    const created = await insertPublication(tx, { documents, author, note, restores }, at);
    await replaceTreatments(tx, content.treatments, now);
    // Alerts about a template are about an older text of it.
    for (const key of templatesAmong(changes)) await clearAlert(tx, 'files-broken', key, now);
    if (restores === null) await clearAlert(tx, filesNotPublished.kind, filesNotPublished.subject, now);
    return { version: created, changes, created: true };
  });
}

/**
 * Publishes an older version's documents again, as a new version.
 * @throws Problem not-found; Problem invalid and conflict as `publish`
 */
export async function rollBack(
  em: EntityManager,
  restores: number,
  request: Omit<PublishRequest, 'documents' | 'restores'>,
  company: string,
  now: Date,
): Promise<Published> {
  await findPublication(em, restores);
  return publish(em, { ...request, documents: await documentsOf(em, restores), restores }, company, now);
}

/** Publishes these documents if nothing was ever published. If several processes do it at once, only one publishes. */
export async function publishFirst(em: EntityManager, documents: () => Promise<Documents>, company: string, now: Date): Promise<void> {
  if ((await latestPublication(em)) !== undefined) return;
  const request = { documents: await documents(), author: systemAuthor, note: 'The files of the first start', onto: 0 };
  try {
    await publish(em, request, company, now);
  } catch (error) {
    if (!(error instanceof Problem && error.kind === 'conflict')) throw error;
  }
}

function unfitDocuments(documents: Documents): ProblemPlace[] {
  if (documents.size === 0) return [{ where: 'the documents', what: 'are missing' }];
  if (documents.size > most.documents) return [{ where: 'the documents', what: `are more than ${String(most.documents)}` }];
  return [...documents].flatMap(([path, text]) => [
    ...unfitAmong({ [path]: path }),
    ...unfitAmong({ [path]: text }),
    ...(text.length > most.characters ? [{ where: path, what: `is longer than ${String(most.characters)} characters` }] : []),
  ]);
}

/** Which of the texts are refused, by their names. */
function unfitAmong(texts: Readonly<Record<string, string>>): ProblemPlace[] {
  return Object.entries(texts).flatMap(([where, text]) => {
    const what = whyUnfit(text);
    return what === undefined ? [] : [{ where, what }];
  });
}

/** @throws Problem too-large with the size of all together, and the largest documents */
function expectSmallEnough(documents: Documents): void {
  const sizes = [...documents].map(([where, text]) => ({ where, bytes: Buffer.byteLength(text) })).sort((a, b) => b.bytes - a.bytes);
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= most.bytes) return;
  const largest = sizes.slice(0, 5).map(({ where, bytes }) => ({ where, what: `has ${inMebibytes(bytes)}` }));
  const whole = { where: 'all documents', what: `have ${inMebibytes(total)} together; ${inMebibytes(most.bytes)} are the most` };
  throw new Problem('too-large', 'This is too large to be published', [whole, ...largest], shorten);
}

const inMebibytes = (bytes: number): string => `${(bytes / mebibyte).toFixed(2)} MiB`;

function publishedMeanwhile(latest: Publication | undefined, onto: number): Problem {
  const is = latest === undefined ? 'nothing is published' : `version ${String(latest.version)} is the latest, by ${latest.author}`;
  return conflict(`It was made for version ${String(onto)}, and ${is}`, 'Check what changed, and publish again.');
}

function templatesAmong(changes: readonly DocumentChange[]): Set<string> {
  const keys = changes.flatMap(({ path }) => {
    const [folder, key, file] = path.split('/');
    return folder === templatesFolder && key !== undefined && file !== undefined ? [key] : [];
  });
  return new Set(keys);
}
