import { Command } from 'commander';
import { findChampion } from '../../../../libs/scoring/registry/champion.js';
import { readScoreDeclaration } from '../../../../libs/scoring/declaration.js';
import { scoreCustomers } from '../../../../libs/scoring/score-customers.js';
import { trainScore } from '../../../../libs/scoring/train-score.js';
import { withProgress } from '../progress-bar.js';
import { withProduct } from '../running.js';
import { trainingReport } from './scores/training-report.js';

interface Options {
  readonly seed: string;
  readonly train: boolean;
  readonly declaration?: string;
}

export const scoreCommand = (): Command =>
  new Command('score')
    .description('train a score on the company’s own history, compare it with its predecessor, score everyone')
    .option('--declaration <file>', 'a YAML file that says which score, and from what (default: the published one of churn)')
    .option('--seed <seed>', 'divides the customers into the folds of the calibration', 'perennial')
    .option('--no-train', 'score with the model that is in use')
    .action(async ({ declaration: path, seed, train }: Options, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      const declaration = path === undefined ? undefined : await readScoreDeclaration(path);
      const kind = declaration?.score ?? 'churn';
      await withProduct(data, async ({ orm, clock }) => {
        if (train) {
          const trained = await withProgress(`Training ${kind}`, (onProgress) =>
            trainScore(orm.em.fork(), { kind, now: clock.now(), seed, ...(declaration && { declaration }), onProgress }),
          );
          console.log(trainingReport(trained));
          if (trained.refusedFor.length > 0) process.exitCode = 2;
          if ((await findChampion(orm.em.fork(), kind)) === undefined) return;
        }
        await withProgress('Scoring everyone', (onProgress) => scoreCustomers(orm.em.fork(), { kind, now: clock.now(), onProgress }));
      });
    });
