import { Command } from 'commander';
import { makeUpMissing } from '../../../../libs/ingestion/generator/make-up-missing.js';
import { importCustomers, type ImportReport } from '../../../../libs/ingestion/import/import-customers.js';
import { rejectReason } from '../../../../libs/ingestion/import/layout.js';
import { proposeMapping } from '../../../../libs/ingestion/import/propose-mapping.js';
import type { RowErrors } from '../../../../libs/ingestion/import/row-errors.js';
import type { ContactReport } from '../../../../libs/ingestion/import/write-contacts.js';
import { openRejectsFile } from '../../../../libs/ingestion/import/write-rejects.js';
import { Problem } from '../../../../libs/platform/problem.js';
import { withProgress } from '../progress-bar.js';
import { withProduct } from '../running.js';

const shown = 20;

interface Options {
  readonly mapping?: string;
  readonly propose?: true;
  readonly strict?: true;
  readonly rejects?: string;
  readonly makeUp?: string;
}

export const importCommand = (): Command =>
  new Command('import')
    .description('import customers from a CSV file (plain or gzip); a second import writes only changes')
    .argument('<file>', 'the CSV file')
    .option('--propose', 'read the file and print a first mapping for it; nothing is imported')
    .option('--mapping <file>', 'a YAML file that describes each column')
    .option('--strict', 'end with status 2 if any row was rejected')
    .option('--rejects <file>', 'write the rejected rows to a CSV file, with the reason beside them, to fix and import again')
    .option(
      '--make-up <seed>',
      'make up names, addresses, zones and consents where the file lacks them, and mark them as made up (for trying things out)',
    )
    .action(async (file: string, options: Options, command: Command) => {
      if (options.propose === true) {
        process.stdout.write(await proposeMapping({ path: file }));
        return;
      }
      const { mapping } = options;
      if (mapping === undefined)
        throw new Problem('invalid', 'The import needs a --mapping, which describes each column', [], '--propose writes a first one');
      const { data } = command.optsWithGlobals<{ data: string }>();
      await withProduct(data, async ({ orm, clock, settings }) => {
        const rejects = options.rejects === undefined ? undefined : await openRejectsFile(options.rejects, file);
        const report = await withProgress('Importing customers', (onProgress) =>
          importCustomers(orm.em.fork(), {
            path: file,
            mapping,
            defaultLocale: settings.defaultLocale,
            secret: settings.secret,
            now: clock.now(),
            ...(rejects && { rejects }),
            onProgress,
          }),
        ).finally(() => rejects?.close());
        console.log(describe(report));
        if (options.rejects !== undefined && report.rejectedRows > 0)
          console.log(
            `The rejected rows are in ${options.rejects}. Fix each row and empty its cell under "${rejectReason}", then import the file: a row that keeps its reason is skipped again.`,
          );
        if (options.strict === true && report.rejectedRows > 0) process.exitCode = 2;
        const { makeUp: seed } = options;
        if (seed === undefined) return;
        await withProgress('Making up what is missing', (onProgress) =>
          makeUpMissing(orm.em.fork(), { seed, secret: settings.secret, now: clock.now(), onProgress }),
        );
      });
    });

function describe({ read, created, updated, unchanged, rejectedRows, contacts, errors }: ImportReport): string {
  return [
    `${read} rows read: ${created} customers created, ${updated} changed, ${unchanged} as before, ${rejectedRows} rejected`,
    ...(contacts === undefined ? [] : [describeContacts(contacts)]),
    ...errors.slice(0, shown).map(describeErrors),
    ...(errors.length > shown ? [`  and ${errors.length - shown} other reasons`] : []),
  ].join('\n');
}

/** One row as it is; several with their count and the first row. */
function describeErrors({ reason, rows, lines, example }: RowErrors): string {
  if (rows === 1) return `  line ${lines.join()}: ${example}`;
  return `  ${rows} rows (lines ${lines.join(', ')}${rows > lines.length ? ', ...' : ''}): ${reason}`;
}

/** What happened to addresses and consents, for the person who ran the import. */
export function describeContacts(contacts: ContactReport): string {
  const { addressesAdded, addressesChanged, consentsGranted, consentsWithdrawn, grantsBlocked, grantsPassedOver } = contacts;
  return [
    `${addressesAdded} addresses added, ${addressesChanged} changed; ${consentsGranted} consents granted, ${consentsWithdrawn} withdrawn`,
    ...(grantsBlocked === 0
      ? []
      : [
          `${grantsBlocked} of those granted cannot be used: the address is suppressed (an opt-out, a complaint or an erasure) or dead, or the customer objects to marketing`,
        ]),
    ...(grantsPassedOver === 0
      ? []
      : [`${grantsPassedOver} ignored: the customer has withdrawn, and the file does not say that they consented again later`]),
  ].join('; ');
}
