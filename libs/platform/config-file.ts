import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { checkShape, placesOf } from './check-shape.js';
import { Problem } from './problem.js';
import { projectFile } from './project-file.js';
import { decodeUtf8, whyFileUnreadable } from './written-file.js';
import { readYaml } from './yaml.js';

/**
 * Reads a YAML file of config/, which ships with the project and which its operator may have changed.
 * @throws Problem invalid naming every place that is wrong
 */
export function readConfigFile<Output>(name: string, schema: z.ZodType<Output>): Output {
  const file = `config/${name}`;
  const { data, wrong } = checkShape(schema, readYaml(textOf(name), file), { written: 'yaml' });
  if (wrong === undefined) return data;
  throw new Problem('invalid', `${file} is not valid`, placesOf(wrong, 'the file'));
}

function textOf(name: string): string {
  try {
    return decodeUtf8(readFileSync(projectFile('config', name)));
  } catch (error) {
    throw new Problem('invalid', 'A file of config/ cannot be read', [{ where: name, what: whyFileUnreadable(error) }]);
  }
}
