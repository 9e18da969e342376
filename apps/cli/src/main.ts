#!/usr/bin/env node
import '../../node-version.js';
import { Command } from 'commander';
import { SettingsError } from '../../../config/settings.js';
import { Problem } from '../../../libs/platform/problem.js';
import { campaignCommand } from './commands/campaign.js';
import { demoCommand } from './commands/demo.js';
import { importCommand } from './commands/import.js';
import { keyCommand } from './commands/key.js';
import { messagesCommand } from './commands/messages.js';
import { migrateCommand } from './commands/migrate.js';
import { scoreCommand } from './commands/score.js';
import { stackCommand } from './commands/stack.js';
import { templateCommand } from './commands/template.js';
import { upCommand } from './commands/up.js';
import { defaultDataDir } from './running.js';
import { StackProblem } from './stack/part.js';

const program = new Command('perennial')
  .description('Keeps customers: scores who may leave, offers what pays, listens, and proves what it kept.')
  .option('--data <folder>', 'where a stack on this machine keeps its data', defaultDataDir)
  .showHelpAfterError('(perennial --help tells what there is)')
  .addHelpText(
    'after',
    `
A first hour:
  $ npm run demo                                          see a whole campaign run over 7,043 customers
  $ npm run perennial -- up                               start the product, empty; the rest in another terminal
  $ npm run perennial -- import mine.csv --mapping m.yaml bring your own customers in
  $ npm run perennial -- score                            train the churn score and score everyone
  $ npm run perennial -- campaign validate my.yaml        what is wrong with a campaign, and where
  $ npm run perennial -- campaign launch my.yaml          let it run`,
  );
for (const command of [
  upCommand,
  demoCommand,
  importCommand,
  scoreCommand,
  campaignCommand,
  templateCommand,
  messagesCommand,
  keyCommand,
  stackCommand,
  migrateCommand,
])
  program.addCommand(command());

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  // At once: what was half started would keep this process alive.
  process.exit(1);
}

/** What a person can act on is told as it is; a defect is told with its origin. */
function explain(error: unknown): string {
  if (error instanceof Problem) {
    const places = error.places.map(({ where, what }) => `  ${where}: ${what}`);
    return [error.title, ...places, ...(error.remedy === undefined ? [] : [error.remedy])].join('\n');
  }
  if (error instanceof SettingsError || error instanceof StackProblem) return error.message;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `: ${explain(error.cause)}`;
  return `${error.message}${cause}`;
}
