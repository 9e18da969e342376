import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Alias,
  type Document,
  type Node,
} from 'yaml';
import type { ProblemPlace } from '../platform/problem.js';
import { whyUnfit } from '../platform/bounds.js';
import { describeYamlError } from './yaml-errors.js';

export type Path = readonly (string | number)[];

/** A YAML text with the places of its parts. */
export interface YamlText {
  /** Plain data; undefined if the text is not YAML. */
  readonly value: unknown;
  /** What is wrong with it as YAML. */
  readonly errors: readonly ProblemPlace[];
  /**
   * Where the deepest part of the path that exists begins: `line 4, column 11`.
   * @param at an offset in the text at that place. The result is undefined if that text is written in several lines or with escapes, so
   *   that its characters are at other positions
   */
  placeOf(path: Path): string;
  placeOf(path: Path, at: number): string | undefined;
}

/** Far above any real definition, and still quick to check. */
const definitionLimits = { characters: 60_000, parts: 20_000, depth: 40 };
/** `*name` repeats everything that `&name` marked: a few lines of them could expand to gigabytes. */
const mostAliases = 20;

export function readYaml(source: string): YamlText {
  if (source.length > definitionLimits.characters)
    return unread(`is longer than ${definitionLimits.characters.toLocaleString('en')} characters; divide it into several campaigns`);
  const lines = new LineCounter();
  const document = parse(source, lines);
  if (document === undefined) return unread(tooDeep);
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `line ${String(line)}, column ${String(col)}`;
  };
  const errors: ProblemPlace[] = [...document.errors, ...document.warnings]
    .slice(0, 20)
    .map((error) => ({ where: placeAt(error.pos[0]), what: describeYamlError(error, source) }));
  // Quoted texts are checked after parsing; this checks comments and unquoted text.
  const unfit = whyUnfit(source);
  if (unfit !== undefined) {
    const line = source.split('\n').findIndex((each) => whyUnfit(each) !== undefined) + 1;
    errors.push({ where: `line ${String(line)}`, what: unfit });
  }
  if (errors.length === 0) errors.push(...structureErrors(document, placeAt));
  let value: unknown;
  try {
    if (errors.length === 0) value = document.toJS({ maxAliasCount: mostAliases });
  } catch {
    errors.push({ where: 'the text', what: 'refers to its own parts too often' });
  }
  return { value, errors, placeOf };

  function placeOf(path: Path): string;
  function placeOf(path: Path, at: number): string | undefined;
  function placeOf(path: Path, at?: number): string | undefined {
    if (document === undefined) return undefined;
    const { node, offset } = find(document, path);
    if (at === undefined) return placeAt(offset);
    const begins = textBegins(node, source);
    return begins === undefined ? undefined : placeAt(begins + at);
  }
}

const tooDeep = `is nested deeper than ${String(definitionLimits.depth)} levels; write the inner steps separately, and reach them by goto`;

function unread(what: string): YamlText {
  return { value: undefined, errors: [{ where: 'the text', what }], placeOf: () => 'line 1, column 1' };
}

/** Undefined if it is nested too deeply to be read. */
function parse(source: string, lines: LineCounter): Document | undefined {
  try {
    // Duplicate keys are found below, because the parser compares every key with every other.
    return parseDocument(source, { lineCounter: lines, prettyErrors: false, merge: false, uniqueKeys: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What is wrong with valid YAML: too many parts, too deep, a duplicate key, a reference to nothing. */
function structureErrors(document: Document, placeAt: (offset: number) => string): ProblemPlace[] {
  const errors: ProblemPlace[] = [];
  const anchors = new Set<string>();
  const aliases: Alias[] = [];
  let parts = 0;
  let level: unknown[] = [document.contents];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > definitionLimits.depth) return [{ where: 'the text', what: tooDeep }];
    parts += level.length;
    if (parts > definitionLimits.parts) {
      return [
        { where: 'the text', what: `has more than ${definitionLimits.parts.toLocaleString('en')} parts; divide it into several campaigns` },
      ];
    }
    for (const node of level) {
      if (isMap(node))
        errors.push(
          ...keysTwice(
            node.items.map((pair) => pair.key),
            placeAt,
          ),
        );
      if (isAlias(node)) aliases.push(node);
      else if (isNode(node) && node.anchor !== undefined) {
        anchors.add(node.anchor);
        if (!/^[A-Za-z][\w-]*$/.test(node.anchor))
          errors.push({
            where: placeAt(startOf(node) ?? 0),
            what: 'a text that begins with & is not a text in YAML; put the whole text into quotes',
          });
      }
    }
    level = level.flatMap((node): unknown[] =>
      isCollection(node) ? node.items.map((item: unknown) => (isPair(item) ? item.value : item)) : [],
    );
  }
  for (const alias of aliases) {
    if (anchors.has(alias.source)) continue;
    const what = `* refers to a part of the file, and none is called ${alias.source.slice(0, 60)}; put the whole text into quotes`;
    errors.push({ where: placeAt(startOf(alias) ?? 0), what });
  }
  return errors.slice(0, 20);
}

function keysTwice(keys: readonly unknown[], placeAt: (offset: number) => string): ProblemPlace[] {
  const seen = new Set<string>();
  const errors: ProblemPlace[] = [];
  for (const key of keys) {
    if (!isScalar(key)) {
      errors.push({ where: placeAt(startOf(key) ?? 0), what: 'is not a name; what stands before a colon is a plain word' });
      continue;
    }
    const name = String(key.value);
    if (seen.has(name)) errors.push({ where: placeAt(startOf(key) ?? 0), what: `${name.slice(0, 60)} appears twice; keep one of them` });
    seen.add(name);
  }
  return errors;
}

/** `journey[2].await.silence[0]` */
export function showPath(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${String(part)}]` : index === 0 ? part : `.${part}`)).join('');
}

function find(document: Document, path: Path): { readonly node: unknown; readonly offset: number } {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) return { node: undefined, offset };
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = startOf(node) ?? offset;
    } else return { node: undefined, offset };
  }
  return { node, offset };
}

/** Where the characters of a text begin, if it is written in one piece without escapes. */
function textBegins(node: unknown, source: string): number | undefined {
  const start = startOf(node);
  if (!isScalar(node) || typeof node.value !== 'string' || start === undefined) return undefined;
  const begins = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? start + 1 : start;
  return source.startsWith(node.value, begins) ? begins : undefined;
}

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];
