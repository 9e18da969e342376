import { Command } from 'commander';
import { createApiKey } from '../../../../libs/access/api-keys.js';
import { withProduct } from '../running.js';

export const keyCommand = (): Command =>
  new Command('key')
    .description('make a new key to the control API')
    .argument('<name>', 'who or what will use it')
    .action(async (name: string, _options: object, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      const { key } = await withProduct(data, ({ orm, clock }) => createApiKey(orm.em.fork(), name, clock.now()));
      console.log(`API key for ${name} (shown once): ${key}`);
    });
