import { Command } from 'commander';
import { listRegister } from '../../../../../libs/scoring/registry/list-register.js';
import { withProduct } from '../../running.js';
import { modelTable } from './model-table.js';
import { dataOf, kindOf } from './named.js';

export const compare = (): Command =>
  new Command('compare')
    .description('all versions of a score, with their figures on the customers that they were measured on')
    .argument('<score>', 'as churn')
    .action(async (name: string, _options: object, command: Command) => {
      const kind = kindOf(name);
      const models = await withProduct(dataOf(command), ({ orm }) => listRegister(orm.em.fork(), kind));
      console.log(models.length === 0 ? `No model of ${kind} was trained yet.` : modelTable(models));
      for (const { version, refusedFor } of models)
        for (const why of refusedFor) console.log(`Version ${String(version)} did not pass its gates: ${why}`);
    });
