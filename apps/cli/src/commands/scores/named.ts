import type { Command } from 'commander';
import { Problem } from '../../../../../libs/platform/problem.js';
import { scoreKinds, type ScoreName } from '../../../../../libs/scores/kinds/table.js';

/** Where the data of this installation is. */
export const dataOf = (command: Command): string => command.optsWithGlobals<{ data: string }>().data;

/** @throws Problem('invalid') where there is no such kind of score */
export function kindOf(name: string): ScoreName {
  const parsed = scoreKinds.name.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new Problem('invalid', `There is no score ${name}`, [], `The scores are ${scoreKinds.names.join(', ')}.`);
}
