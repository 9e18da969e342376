import Table from 'cli-table3';
import { Command } from 'commander';
import { Problem } from '../../../../libs/platform/problem.js';
import { scoreKinds, type ScoreName } from '../../../../libs/scores/kinds/table.js';
import { kindsInUse } from '../../../../libs/scoring/registry/champion.js';
import { listRegister, type RegisteredModel } from '../../../../libs/scoring/registry/list-register.js';
import { promoteModel, rollbackModel, type Promoted } from '../../../../libs/scoring/registry/promote.js';
import { sweepAll } from '../../../../libs/scoring/sweep/sweep-all.js';
import { withProgress } from '../progress-bar.js';
import { withProduct } from '../running.js';

const dataOf = (command: Command): string => command.optsWithGlobals<{ data: string }>().data;

const nextStep = 'The scores change with the next sweep: `perennial scores sweep` makes one now.';

export const scoresCommand = (): Command =>
  new Command('scores')
    .description('the scores: which models there are, which are in use, and how well they do')
    .addCommand(status())
    .addCommand(compare())
    .addCommand(promote())
    .addCommand(rollback())
    .addCommand(sweep());

const status = (): Command =>
  new Command('status')
    .description('the models in use, and when everybody was scored last')
    .action(async (_options: object, command: Command) => {
      const models = await withProduct(dataOf(command), ({ orm }) => listRegister(orm.em.fork(), null));
      const used = models.filter(({ state }) => state === 'champion' || state === 'challenger');
      if (used.length === 0) console.log('No score has a model yet. `perennial scores train churn` trains one.');
      else console.log(tableOf(used));
    });

const compare = (): Command =>
  new Command('compare')
    .description('all versions of a score, with their figures on the customers that they were measured on')
    .argument('<score>', 'as churn')
    .action(async (name: string, _options: object, command: Command) => {
      const kind = kindOf(name);
      const models = await withProduct(dataOf(command), ({ orm }) => listRegister(orm.em.fork(), kind));
      console.log(models.length === 0 ? `No model of ${kind} was trained yet.` : tableOf(models));
      for (const { version, refusedFor } of models)
        for (const why of refusedFor) console.log(`Version ${String(version)} did not pass its gates: ${why}`);
    });

const promote = (): Command =>
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

const rollback = (): Command =>
  new Command('rollback')
    .description('take the last promotion of a score back')
    .argument('<score>', 'as churn')
    .action(async (name: string, _options: object, command: Command) => {
      const kind = kindOf(name);
      console.log(sentence(kind, await withProduct(dataOf(command), ({ orm }) => rollbackModel(orm.em.fork(), kind))));
    });

const sweep = (): Command =>
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

function kindOf(name: string): ScoreName {
  const parsed = scoreKinds.name.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new Problem('invalid', `There is no score ${name}`, [], `The scores are ${scoreKinds.names.join(', ')}.`);
}

const sentence = (kind: ScoreName, { version, replaced }: Promoted): string =>
  `Version ${String(version)} of the score ${kind} is in use now${replaced === null ? '' : `, in place of version ${String(replaced)}`}. ${nextStep}`;

function tableOf(models: readonly RegisteredModel[]): string {
  const table = new Table({
    head: ['score', 'version', 'state', 'trained', 'AUC (95%)', 'log-loss', 'calibration error', 'customers', 'scored last'],
    style: { head: [], border: [] },
  });
  for (const { kind, version, state, trainedAt, metrics, sweptAt } of models) {
    const { auc, logLoss, ece, trainedOn, proof } = metrics;
    const interval = proof === undefined ? '' : ` (${proof.auc.low.toFixed(3)} to ${proof.auc.high.toFixed(3)})`;
    table.push([
      kind,
      String(version),
      state,
      trainedAt.toISOString(),
      `${auc.toFixed(4)}${interval}`,
      logLoss.toFixed(4),
      ece.toFixed(4),
      String(trainedOn),
      sweptAt?.toISOString() ?? '',
    ]);
  }
  return table.toString();
}
