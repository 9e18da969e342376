import { Command } from 'commander';
import { listRegister } from '../../../../../libs/scoring/registry/list-register.js';
import { withProduct } from '../../running.js';
import { modelTable } from './model-table.js';
import { dataOf } from './named.js';

export const status = (): Command =>
  new Command('status')
    .description('the models in use, and when everybody was scored last')
    .action(async (_options: object, command: Command) => {
      const models = await withProduct(dataOf(command), ({ orm }) => listRegister(orm.em.fork(), null));
      const used = models.filter(({ state }) => state === 'champion' || state === 'challenger');
      if (used.length === 0) console.log('No score has a model yet. `perennial scores train churn` trains one.');
      else console.log(modelTable(used));
    });
