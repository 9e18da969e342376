import { Command, InvalidArgumentError } from 'commander';
import { runDemo } from '../demo/demo.js';
import { summaryTable } from '../demo/summary-table.js';
import { untilStopped } from '../until-stopped.js';

export const demoCommand = (): Command =>
  new Command('demo')
    .description('run a whole campaign over 7,043 customers of a telephone company, with made-up people who answer')
    .option('--customers <n>', 'use only this many customers', whole)
    .option('--day-seconds <n>', 'how long a campaign day takes', positive, 15)
    .option('--seed <seed>', 'the seed of everything that is made up', 'perennial')
    .option('--exit', 'end after the table instead of staying up')
    .option('--json', 'also print the table as one JSON object on the last line')
    .action(async (options: { customers?: number; daySeconds: number; seed: string; exit?: true; json?: true }, command: Command) => {
      const { data } = command.optsWithGlobals<{ data: string }>();
      const demo = await runDemo({ dataDir: `${data}/demo`, announceIn: data, ...options });
      try {
        console.log(summaryTable(demo.summary));
        if (options.exit === undefined) {
          console.log(`\nStill up: ${demo.console}\nCtrl-C ends it.`);
          await untilStopped();
        }
      } finally {
        await demo.stop();
      }
      if (options.json !== undefined) console.log(JSON.stringify(demo.summary));
      const { doubled, missing } = demo.summary.witness;
      if (doubled + missing > 0) throw new Error(`The ledger does not match the arrived messages: ${doubled} doubled, ${missing} missing`);
    });

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

function whole(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}
