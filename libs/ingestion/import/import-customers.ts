import type { EntityManager } from '@mikro-orm/postgresql';
import { retriedTransaction } from '../../persistence/retried.js';
import { upsertCustomers } from '../../customers/write-customers.js';
import { Problem } from '../../platform/problem.js';
import type { Progress } from '../../platform/progress.js';
import { refused, type ImportedCustomer, type RefusedRow, type Withdrawn } from './imported-customer.js';
import { ErrorCounts, type RowErrors } from './row-errors.js';
import type { RejectsFile } from './write-rejects.js';
import { bringsAddresses, loadMapping, type ImportMapping } from './mapping.js';
import { readCustomers, type ImportSource, type ReadRow } from './read-customers.js';
import { whyNotYet } from './read-contacts.js';
import {
  lockContactPoints,
  nothingWritten,
  sumOf,
  withdrawnBy,
  writeContacts,
  type ContactReport,
  type ContactSettings,
} from './write-contacts.js';

export interface ImportReport {
  /** Rows in the file, the header not counted. */
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Undefined if the mapping knows no addresses. */
  readonly contacts: ContactReport | undefined;
  /** Skipped rows. */
  readonly rejectedRows: number;
  /** The first thousand of them; lines count from 1, the header is one. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
  /** The reasons, with counts. */
  readonly errors: readonly RowErrors[];
}

const batchSize = 1000;
const mostRejected = 1000;

/**
 * Imports the customers of a CSV file. Customers are identified by their external id: new ones are created, changed ones are updated, the
 * others are not touched, so the same file twice changes nothing. An empty cell or a missing column keeps the stored value. Rows that
 * cannot be read are reported and skipped. Each batch of 1,000 is one transaction. Addresses and consents are counted separately: a
 * customer without other changes counts as unchanged.
 * @param mapping the mapping, or the path of its file
 * @param limit the most rows to read; all if it is undefined
 * @param defaultLocale of new customers for whom neither the file nor the mapping states the language
 * @param rejects takes the skipped rows
 * @param secret keys the hashes of addresses; needed only if the mapping has contact points
 * @throws Problem('invalid') before anything is written, if the header does not fit or the secret is missing; Problem('not-found') without
 *   a file
 */
export async function importCustomers(
  em: EntityManager,
  {
    mapping: given,
    limit = Infinity,
    defaultLocale = 'en',
    rejects,
    secret,
    now,
    onProgress,
    ...source
  }: ImportSource & {
    mapping: ImportMapping | string;
    limit?: number;
    defaultLocale?: string;
    rejects?: RejectsFile;
    secret?: string;
    now: Date;
    onProgress?: Progress;
  },
): Promise<ImportReport> {
  const mapping = typeof given === 'string' ? await loadMapping(given) : given;
  const contactSettings = contactSettingsOf(mapping, secret, now);
  const rejected: { line: number; reason: string }[] = [];
  const errors = new ErrorCounts();
  let rejectedRows = 0;
  let read = 0;
  let created = 0;
  let updated = 0;
  let contacts = contactSettings && nothingWritten;
  let batch: ImportedCustomer[] = [];
  let withdrawals: Withdrawn[] = [];
  const write = async (): Promise<void> => {
    const written = await writeBatch(em, { locale: mapping.locale ?? defaultLocale, contactSettings, batch, withdrawals, now });
    created += written.created;
    updated += written.updated;
    contacts &&= sumOf(contacts, written.contacts);
    batch = [];
    withdrawals = [];
    onProgress?.(read);
  };
  for await (const row of readCustomers(source, mapping, rejects?.begin)) {
    read++;
    const judged = judge(row, mapping, now);
    if ('reason' in judged) {
      rejectedRows++;
      errors.add(row.line, judged.reason);
      if (rejected.length < mostRejected) rejected.push({ line: row.line, reason: judged.reason });
      await rejects?.add(row.cells, judged.reason);
      if (contactSettings && judged.withdrawn) withdrawals.push(judged.withdrawn);
    } else {
      batch.push(judged);
    }
    if (batch.length + withdrawals.length === batchSize) await write();
    if (read >= limit) break;
  }
  if (batch.length + withdrawals.length > 0) await write();
  return {
    read,
    created,
    updated,
    unchanged: read - rejectedRows - created - updated,
    contacts,
    rejectedRows,
    rejected,
    errors: errors.list(),
  };
}

/** A row may be readable and still be refused: for example a grant that is dated in the future. */
function judge(row: ReadRow, mapping: ImportMapping, now: Date): ImportedCustomer | RefusedRow {
  if ('reason' in row) return row;
  const reason = whyNotYet(mapping, row.customer.consents, now);
  return reason === undefined ? row.customer : refused(reason, row.customer);
}

async function writeBatch(
  em: EntityManager,
  {
    locale,
    contactSettings,
    batch,
    withdrawals,
    now,
  }: {
    readonly locale: string;
    readonly contactSettings: ContactSettings | undefined;
    readonly batch: readonly ImportedCustomer[];
    readonly withdrawals: readonly Withdrawn[];
    readonly now: Date;
  },
): Promise<{ created: number; updated: number; contacts: ContactReport }> {
  return retriedTransaction(em, 5, async (tx) => {
    const withdrawn = contactSettings ? await withdrawnBy(tx, withdrawals, contactSettings) : [];
    if (contactSettings) await lockContactPoints(tx, [...batch, ...withdrawn]);
    const { created, updated } = await upsertCustomers(tx, batch, locale, now);
    const contacts = contactSettings ? await writeContacts(tx, batch, contactSettings) : nothingWritten;
    const ended = contactSettings ? await writeContacts(tx, withdrawn, contactSettings) : nothingWritten;
    return { created, updated, contacts: sumOf(contacts, ended) };
  });
}

/** @throws Problem('invalid') if the mapping has contact points and there is no secret */
function contactSettingsOf(mapping: ImportMapping, secret: string | undefined, now: Date): ContactSettings | undefined {
  if (!bringsAddresses(mapping)) return undefined;
  if (secret === undefined) {
    throw new Problem('invalid', `The import "${mapping.import}" has addresses, but no secret is set to hash them`);
  }
  return { secret, wordingVersion: mapping.consents?.wording_version, now };
}
