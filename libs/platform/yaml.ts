import { LineCounter, parseDocument, visit, type Alias, type Document } from 'yaml';
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
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines });
  const notYaml = (at: number | undefined, why: string): Problem =>
    new Problem('invalid', `${what} is not YAML`, [
      { where: at === undefined ? 'the file' : `line ${String(lines.linePos(at).line)}`, what: why },
    ]);
  const [error] = document.errors;
  if (error !== undefined) throw notYaml(error.pos[0], error.message.split('\n')[0] ?? error.code);
  try {
    return document.toJS();
  } catch (thrown) {
    // Of aliases alone: those that refer to nothing, and those that repeat too much.
    if (!(thrown instanceof ReferenceError)) throw thrown;
    const alias = unresolvedAlias(document);
    if (alias === undefined) throw notYaml(undefined, 'refers to its own parts too often');
    throw notYaml(
      alias.range?.[0],
      `*${alias.source} refers to a part of the file, and none has this name; put the whole text into quotes`,
    );
  }
}

function unresolvedAlias(document: Document): Alias | undefined {
  let found: Alias | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}
