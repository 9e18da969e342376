import { Command } from 'commander';
import { createApiKey } from '../../../../libs/access/api-keys.js';
import { lineOfText } from '../../../../libs/platform/bounds.js';
import { checkShape, placesOf } from '../../../../libs/platform/check-shape.js';
import { Problem } from '../../../../libs/platform/problem.js';
import { withProduct } from '../running.js';

export const keyCommand = (): Command =>
  new Command('key')
    .description('make a new key to the control API')
    .argument('<name>', 'who or what will use it')
    .action(async (given: string, _options: object, command: Command) => {
      const { data: name, wrong } = checkShape(lineOfText(), given);
      if (wrong !== undefined) throw new Problem('invalid', 'The name cannot be used', placesOf(wrong, 'the name'));
      const { data } = command.optsWithGlobals<{ data: string }>();
      const { key } = await withProduct(data, ({ orm, clock }) => createApiKey(orm.em.fork(), name, clock.now()));
      console.log(`API key for ${name} (shown once): ${key}`);
    });
