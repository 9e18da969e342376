import { Command } from 'commander';
import { compare } from './scores/compare.js';
import { declare } from './scores/declare.js';
import { promote, rollback } from './scores/promote.js';
import { status } from './scores/status.js';
import { sweep } from './scores/sweep.js';
import { train } from './scores/train.js';

export const scoresCommand = (): Command =>
  new Command('scores')
    .description('the scores: what they are declared from, which models there are, which are in use, and how well they do')
    .addCommand(declare())
    .addCommand(train())
    .addCommand(status())
    .addCommand(compare())
    .addCommand(promote())
    .addCommand(rollback())
    .addCommand(sweep());
