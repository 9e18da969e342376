import { Command } from 'commander';
import { scoreCustomers } from '../../../../libs/scoring/score-customers.js';
import { trainScore } from '../../../../libs/scoring/train-score.js';
import { withCampaigns } from '../campaigns.js';
import { withProgress } from '../progress-bar.js';
import { withProduct } from '../running.js';

export const scoreCommand = (): Command =>
  new Command('score')
    .description('train the churn score on the company’s own history, compare it with its predecessor, score everyone')
    .option('--seed <seed>', 'deals the customers into the folds of the calibration', 'perennial')
    .option('--no-train', 'score with the model that is in use')
    .action(async (options: { seed: string; train: boolean }, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      await withProduct(data, async ({ orm, clock, settings }) => {
        if (options.train) {
          const trained = await withProgress('Training the churn score', (onProgress) =>
            trainScore(orm.em.fork(), { kind: 'churn', now: clock.now(), seed: options.seed, onProgress }),
          );
          const { auc, logLoss, ece } = trained.metrics;
          console.log(
            `Version ${trained.version}, on the hold-back: AUC ${auc.toFixed(4)}, log-loss ${logLoss.toFixed(4)}, calibration error ${ece.toFixed(4)}`,
          );
          console.log(trained.promoted ? 'It is in use now.' : 'Its predecessor does better and stays in use.');
        }
        await withProgress('Scoring everyone', (onProgress) =>
          scoreCustomers(orm.em.fork(), { kind: 'churn', now: clock.now(), onProgress }),
        );
        await withCampaigns(settings, orm, clock, (campaigns) => campaigns.wake());
      });
    });
