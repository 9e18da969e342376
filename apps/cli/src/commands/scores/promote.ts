import { Command } from 'commander';
import { Problem } from '../../../../../libs/platform/problem.js';
import type { ScoreName } from '../../../../../libs/scores/kinds/table.js';
import { promoteModel, rollbackModel, type Promoted } from '../../../../../libs/scoring/registry/promote.js';
import { withProduct } from '../../running.js';
import { dataOf, kindOf } from './named.js';

export const promote = (): Command =>
  new Command('promote')
    .description('put a version of a score to use')
    .argument('<score>', 'as churn')
    .argument('<version>', 'its number, as `perennial scores compare` shows it')
    .action(async (name: string, version: string, _options: object, command: Command) => {
      const kind = kindOf(name);
      if (!/^[1-9]\d{0,8}$/.test(version)) throw new Problem('invalid', `Not a version: ${version}`, [], 'It is a number, as 2.');
      const promoted = await withProduct(dataOf(command), ({ orm, clock }) =>
        promoteModel(orm.em.fork(), kind, Number(version), clock.now()),
      );
      console.log(sentence(kind, promoted));
    });

export const rollback = (): Command =>
  new Command('rollback')
    .description('take the last promotion of a score back')
    .argument('<score>', 'as churn')
    .action(async (name: string, _options: object, command: Command) => {
      const kind = kindOf(name);
      console.log(sentence(kind, await withProduct(dataOf(command), ({ orm }) => rollbackModel(orm.em.fork(), kind))));
    });

const nextStep = 'The scores change with the next sweep: `perennial scores sweep` makes one now.';

const sentence = (kind: ScoreName, { version, replaced }: Promoted): string =>
  `Version ${String(version)} of the score ${kind} is in use now${replaced === null ? '' : `, in place of version ${String(replaced)}`}. ${nextStep}`;
