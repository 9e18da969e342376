#!/usr/bin/env node
import '../../hosting/node-version.js';
import { Command } from 'commander';
import { explain } from '../../hosting/explain.js';
import { campaignCommand } from './commands/campaign.js';
import { demoCommand } from './commands/demo.js';
import { eraseCommand } from './commands/erase.js';
import { importCommand } from './commands/import.js';
import { keyCommand } from './commands/key.js';
import { keysCommand } from './commands/keys.js';
import { messagesCommand } from './commands/messages.js';
import { migrateCommand } from './commands/migrate.js';
import { publishCommand, publishedCommand } from './commands/publish.js';
import { scoreCommand } from './commands/score.js';
import { stackCommand } from './commands/stack.js';
import { templateCommand } from './commands/template.js';
import { upCommand } from './commands/up.js';
import { defaultDataDir } from './running.js';

const program = new Command('perennial')
  .description('Keeps customers: scores who may churn, offers what pays off, waits for answers, and measures the effect.')
  .option('--data <folder>', 'where a stack on this machine keeps its data', defaultDataDir)
  .showHelpAfterError('(perennial --help lists the commands)')
  .addHelpText(
    'after',
    `
A first hour:
  $ npm run demo                               see a whole campaign run over 7,043 customers
  $ perennial up                               start the product, empty; the rest in another terminal
  $ perennial import mine.csv --mapping m.yaml import your own customers
  $ perennial score                            train the churn score and score everyone
  $ perennial campaign validate my.yaml        check a campaign, with the place of each error
  $ perennial campaign launch my.yaml          launch it

In a clone, write \`npm run --silent perennial --\` for \`perennial\`.`,
  );
for (const command of [
  upCommand,
  demoCommand,
  importCommand,
  scoreCommand,
  campaignCommand,
  templateCommand,
  publishCommand,
  publishedCommand,
  messagesCommand,
  eraseCommand,
  keyCommand,
  keysCommand,
  stackCommand,
  migrateCommand,
])
  program.addCommand(command());

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${textOf(error)}\n`);
  // At once: half-started parts would keep this process alive.
  process.exit(1);
}

/** A command's defect is shown by its message and its cause. */
function textOf(error: unknown): string {
  const known = explain(error);
  if (known !== undefined || !(error instanceof Error)) return known ?? String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${textOf(error.cause)}`;
}
