import { Command } from 'commander';
import { migrate } from '../../../../libs/schema/orm.js';
import { withProduct } from '../running.js';

export const migrateCommand = (): Command =>
  new Command('migrate').description('bring the database up to date').action(async (_options: object, command: Command) => {
    const { data } = command.optsWithGlobals<{ data: string }>();
    await withProduct(data, ({ orm }) => migrate(orm));
    console.log('The database is up to date.');
  });
