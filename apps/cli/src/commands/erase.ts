import { userInfo } from 'node:os';
import { Command } from 'commander';
import { cleanId } from '../../../../libs/channels/address/clean-text.js';
import { eraseCustomer } from '../../../../libs/lifecycle/erase-customer.js';
import { withProduct } from '../running.js';

export const eraseCommand = (): Command =>
  new Command('erase')
    .description('erase a customer (GDPR article 17): the remaining data does not identify them; it cannot be undone')
    .requiredOption('--customer <external id>', 'the company’s own number of the customer')
    .option('--json', 'print what was removed as JSON')
    .action(async ({ customer, json }: { customer: string; json?: true }, command: Command) => {
      await withProduct(command.optsWithGlobals<{ data: string }>().data, async ({ orm, settings, clock }) => {
        const whom = { externalId: cleanId(customer) };
        const erased = await eraseCustomer(orm.em.fork(), whom, settings.secret, `cli:${userInfo().username}`, clock.now());
        if (json === true) {
          console.log(JSON.stringify(erased));
          return;
        }
        console.log(
          `Erased at ${erased.erasedAt.toISOString()} by ${erased.erasedBy}. The remaining data is under the id ${erased.customerId}.`,
        );
        for (const [kind, count] of Object.entries(erased.removed)) if (count > 0) console.log(`  ${kind}: ${count}`);
      });
    });
