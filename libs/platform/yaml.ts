import { parse, YAMLParseError } from 'yaml';
import { Problem } from './problem.js';

/**
 * Reads a YAML text that a person wrote.
 * @param what it is, as in `The import mapping`
 * @throws Problem invalid if it is not YAML, with the line
 */
export function readYaml(yaml: string, what: string): unknown {
  try {
    return parse(yaml);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const [at] = error.linePos ?? [];
    const where = at === undefined ? 'somewhere' : `line ${at.line}`;
    throw new Problem('invalid', `${what} is not YAML`, [{ where, what: error.message.split('\n')[0] ?? error.code }]);
  }
}
