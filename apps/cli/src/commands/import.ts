import { Command } from 'commander';
import { makeUpMissing } from '../../../../libs/customers/generator/make-up-missing.js';
import { importCustomers } from '../../../../libs/customers/import/import-customers.js';
import type { ContactReport } from '../../../../libs/customers/import/write-contacts.js';
import { projectFile } from '../../../../libs/platform/project-file.js';
import { withProgress } from '../progress-bar.js';
import { withProduct } from '../running.js';

const shown = 20;

export const importCommand = (): Command =>
  new Command('import')
    .description('bring customers in from a CSV file (plain or .gz); doing it again changes only what changed')
    .argument('<file>', 'the CSV file')
    .option('--mapping <file>', 'YAML that says which column is what', projectFile('config', 'imports', 'telco.yaml'))
    .option(
      '--make-up <seed>',
      'make up names, addresses, zones and consents where the file lacks them, and mark them as made up (for trying things out)',
    )
    .action(async (file: string, options: { mapping: string; makeUp?: string }, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      await withProduct(data, async ({ orm, clock, settings }) => {
        const report = await withProgress('Importing customers', (onProgress) =>
          importCustomers(orm.em.fork(), { path: file, mapping: options.mapping, secret: settings.secret, now: clock.now(), onProgress }),
        );
        console.log(
          `${report.read} rows read: ${report.created} customers created, ${report.updated} changed, ${report.unchanged} as before, ${report.rejected.length} rejected`,
        );
        if (report.contacts !== undefined) console.log(describeContacts(report.contacts));
        for (const { line, reason } of report.rejected.slice(0, shown)) console.log(`  line ${line}: ${reason}`);
        if (report.rejected.length > shown) console.log(`  and ${report.rejected.length - shown} more`);
        const { makeUp: seed } = options;
        if (seed === undefined) return;
        await withProgress('Making up what is missing', (onProgress) =>
          makeUpMissing(orm.em.fork(), { seed, secret: settings.secret, now: clock.now(), onProgress }),
        );
      });
    });

function describeContacts(contacts: ContactReport): string {
  const { addressesAdded, addressesChanged, consentsGranted, consentsWithdrawn, grantsPassedOver } = contacts;
  const told = `${addressesAdded} addresses added, ${addressesChanged} changed; ${consentsGranted} consents granted, ${consentsWithdrawn} withdrawn`;
  if (grantsPassedOver === 0) return told;
  return `${told}; ${grantsPassedOver} passed over: the customer has withdrawn, and the file does not say that they consented again since`;
}
