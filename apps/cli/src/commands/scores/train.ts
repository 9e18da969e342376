import { Command } from 'commander';
import { Problem } from '../../../../../libs/platform/problem.js';
import { readScoreDeclaration } from '../../../../../libs/scoring/declaration.js';
import { trainScore } from '../../../../../libs/scoring/train-score.js';
import { withProgress } from '../../progress-bar.js';
import { withProduct } from '../../running.js';
import { dataOf, kindOf } from './named.js';
import { trainingReport } from './training-report.js';

interface Options {
  readonly declaration?: string;
  readonly seed: string;
}

export const train = (): Command =>
  new Command('train')
    .description('train a score on the company’s own history, and put it to use where it is good enough')
    .argument('<score>', 'as churn')
    .option('--declaration <file>', 'a YAML file that says what is predicted from what (default: the published one)')
    .option('--seed <seed>', 'divides the customers into the folds of the calibration', 'perennial')
    .action(async (name: string, { declaration: path, seed }: Options, command: Command) => {
      const kind = kindOf(name);
      const declaration = path === undefined ? undefined : await readScoreDeclaration(path);
      if (declaration !== undefined && declaration.score !== kind)
        throw new Problem('invalid', `${path ?? 'The file'} declares the score ${declaration.score}, and not ${kind}`);
      await withProduct(dataOf(command), async ({ orm, clock }) => {
        const trained = await withProgress(`Training the score ${kind}`, (onProgress) =>
          trainScore(orm.em.fork(), { kind, now: clock.now(), seed, ...(declaration && { declaration }), onProgress }),
        );
        console.log(trainingReport(trained));
        if (trained.promoted) console.log('`perennial scores sweep` scores everybody with it now; else the next sweep does.');
        if (trained.refusedFor.length > 0) process.exitCode = 2;
      });
    });
