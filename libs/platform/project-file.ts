import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of package.json. Data such as config/ is found relative to it, whether the code runs from source or from dist/. */
const root = findRoot(import.meta.dirname);

/** The path of a file that ships with the project, such as `config/scores/churn.yaml`. */
export function projectFile(...path: string[]): string {
  return join(root, ...path);
}

function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error(`There is no package.json above ${import.meta.dirname}`);
  return findRoot(parent);
}
