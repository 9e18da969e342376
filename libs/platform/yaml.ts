import { parse, YAMLParseError } from 'yaml';
import { unfitIn } from './bounds.js';
import { Problem } from './problem.js';

/**
 * Reads a YAML text that a person wrote.
 * @param what it is, as in `The import mapping`
 * @throws Problem invalid if it is not YAML, with the line, or if a text in it contains what no text may contain
 */
export function readYaml(yaml: string, what: string): unknown {
  const value = parsed(yaml, what);
  // YAML can write any character as an escape, so this is checked after parsing.
  const places = unfitIn(value).map(({ path, what: why }) => ({ where: path.join('.') || 'the file', what: why }));
  if (places.length > 0) throw new Problem('invalid', `${what} is not valid`, places);
  return value;
}

function parsed(yaml: string, what: string): unknown {
  try {
    return parse(yaml);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const [at] = error.linePos ?? [];
    const where = at === undefined ? 'somewhere' : `line ${at.line}`;
    throw new Problem('invalid', `${what} is not YAML`, [{ where, what: error.message.split('\n')[0] ?? error.code }]);
  }
}
