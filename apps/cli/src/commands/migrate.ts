import { Command } from 'commander';
import { migrate } from '../../../../libs/schema/orm.js';
import { openContent } from '../../../hosting/open-content.js';
import { withProduct } from '../running.js';

export const migrateCommand = (): Command =>
  new Command('migrate')
    .description('migrate the database, and publish the files here if nothing is published yet')
    .action(async (_options: object, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      await withProduct(data, async ({ orm, clock, settings }) => {
        await migrate(orm);
        await openContent(orm, settings.defaultLocale, clock);
      });
      console.log('The database is up to date.');
    });
