import { Command } from 'commander';
import { kindsInUse } from '../../../../../libs/scoring/registry/champion.js';
import { sweepAll } from '../../../../../libs/scoring/sweep/sweep-all.js';
import { withProgress } from '../../progress-bar.js';
import { withProduct } from '../../running.js';
import { dataOf, kindOf } from './named.js';

export const sweep = (): Command =>
  new Command('sweep')
    .description('score everybody whose score may have changed')
    .argument('[scores...]', 'as churn; all that have a model where none is named')
    .action(async (names: string[], _options: object, command: Command) => {
      const named = names.map(kindOf);
      await withProduct(dataOf(command), async ({ orm, clock }) => {
        const kinds = named.length > 0 ? named : await kindsInUse(orm.em.fork());
        if (kinds.length === 0) console.log('No score has a model yet. `perennial scores train churn` trains one.');
        for (const kind of kinds) {
          const { scored, changed } = await withProgress(`Scoring ${kind}`, (onProgress) =>
            sweepAll(orm.em.fork(), { kind, now: clock.now(), onProgress }),
          );
          console.log(`${kind}: looked at ${String(scored)} customers; the score of ${String(changed)} is another now.`);
        }
      });
    });
