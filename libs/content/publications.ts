import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { notFound } from '../platform/problem.js';
import { changesBetween, digestsOf, type Digests, type DocumentChange, type Documents } from './documents.js';
import type { Publication, PublicationDocument } from './publication.entity.js';

export interface NewPublication {
  readonly documents: Documents;
  readonly author: string;
  readonly note: string | null;
  /** The version whose documents these are, if it is a rollback. */
  readonly restores: number | null;
}

/** A publication with its changes compared with the previous one. */
export interface ListedPublication extends Publication {
  readonly changes: readonly DocumentChange[];
}

/** Lets nobody else publish until the transaction of `tx` ends. */
export async function lockPublications(tx: EntityManager): Promise<void> {
  await query(tx, `select pg_advisory_xact_lock(hashtextextended('publication', 0))`);
}

const publications = (em: EntityManager) => tables<typeof Publication>(em).selectFrom('Publication').selectAll();

/** The current publication; undefined if nothing was ever published. */
export async function latestPublication(em: EntityManager): Promise<Publication | undefined> {
  return publications(em).orderBy('version', 'desc').limit(1).executeTakeFirst();
}

/** @throws Problem not-found */
export async function findPublication(em: EntityManager, version: number): Promise<Publication> {
  const found = await publications(em).where('version', '=', version).executeTakeFirst();
  if (found === undefined) throw notFound('publication', String(version));
  return found;
}

/** Publications, newest first. @param before a version: only older ones */
export async function listPublications(em: EntityManager, before: number | null, rows: number): Promise<ListedPublication[]> {
  const latest = publications(em).orderBy('version', 'desc').limit(rows);
  const listed = await (before === null ? latest : latest.where('version', '<', before)).execute();
  const oldest = listed.at(-1)?.version ?? 0;
  const all = await tables<typeof PublicationDocument>(em)
    .selectFrom('PublicationDocument')
    .selectAll()
    .where('publication', '>=', oldest - 1)
    .where('publication', '<=', listed[0]?.version ?? 0)
    .execute();
  const digests = new Map<number, Map<string, string>>();
  for (const { publication, path, digest } of all) {
    const of = digests.get(publication) ?? new Map<string, string>();
    digests.set(publication, of.set(path, digest));
  }
  const at = (version: number): Digests => digests.get(version) ?? new Map<string, string>();
  return listed.map((publication) => ({
    ...publication,
    changes: changesBetween(at(publication.version - 1), at(publication.version)),
  }));
}

/** The documents of a publication, by path. @throws Problem not-found */
export async function documentsOf(em: EntityManager, version: number): Promise<Documents> {
  const rows = await query<{ path: string; text: string }>(
    em,
    `select d.path, t.text from publication_document d join content_document t on t.digest = d.digest where d.publication = $1 order by d.path`,
    [version],
  );
  // A publication without documents cannot exist: everything needs the policy.
  if (rows.length === 0) throw notFound('publication', String(version));
  return new Map(rows.map(({ path, text }) => [path, text]));
}

/** The digests of a publication's documents; none if there is no such publication. */
export async function digestsAt(em: EntityManager, version: number): Promise<Digests> {
  const rows = await tables<typeof PublicationDocument>(em)
    .selectFrom('PublicationDocument')
    .select(['path', 'digest'])
    .where('publication', '=', version)
    .execute();
  return new Map(rows.map(({ path, digest }) => [path, digest]));
}

/** The text at a path in the latest publication; undefined if it has none. */
export async function latestDocument(em: EntityManager, path: string): Promise<string | undefined> {
  const row = await queryOne<{ text: string }>(
    em,
    `select t.text from publication_document d join content_document t on t.digest = d.digest
     where d.path = $1 and d.publication = (select max(version) from publication)`,
    [path],
  );
  return row?.text;
}

/** For each text that a document below a folder ever had, the last publication with it; newest first. */
export async function publicationsOf(em: EntityManager, folder: string): Promise<number[]> {
  const rows = await query<{ version: number }>(
    em,
    `select distinct max(publication) as version from publication_document where starts_with(path, $1) group by path, digest order by 1 desc`,
    [`${folder}/`],
  );
  return rows.map(({ version }) => version);
}

/** The newest publication that has documents below a folder; null if none has. */
export async function newestWith(em: EntityManager, folder: string): Promise<number | null> {
  const row = await queryOne<{ publication: number }>(
    em,
    'select publication from publication_document where starts_with(path, $1) order by publication desc limit 1',
    [`${folder}/`],
  );
  return row?.publication ?? null;
}

/** Stores the next publication. Call it under `lockPublications`. @returns its version */
export async function insertPublication(
  tx: EntityManager,
  { documents, author, note, restores }: NewPublication,
  now: Date,
): Promise<number> {
  const digests = digestsOf(documents);
  const paths = [...documents.keys()];
  await query(
    tx,
    `insert into content_document (digest, text) select distinct on (digest) digest, text from unnest($1::text[], $2::text[]) as d (digest, text)
     on conflict (digest) do nothing`,
    [paths.map((path) => digests.get(path)), [...documents.values()]],
  );
  const row = await queryOne<{ version: number }>(
    tx,
    `insert into publication (version, author, note, restores, published_at)
     select coalesce(max(version), 0) + 1, $1, $2, $3, $4 from publication returning version`,
    [author, note, restores, now],
  );
  const version = row?.version ?? 0;
  await query(
    tx,
    `insert into publication_document (publication, path, digest)
     select $1, path, digest from unnest($2::text[], $3::text[]) as d (path, digest)`,
    [version, paths, paths.map((path) => digests.get(path))],
  );
  return version;
}
