import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { ProblemPlace } from '../platform/problem.js';
import { isStorable, notStorable } from '../platform/storable.js';

export type Path = readonly (string | number)[];

/** A YAML text with the lines that its parts stand on. */
export interface YamlText {
  /** Plain data; undefined where the text is not YAML. */
  readonly value: unknown;
  /** What is wrong with it as YAML. */
  readonly faults: readonly ProblemPlace[];
  /** The line, from 1, of the deepest part of the path that exists. */
  lineOf(path: Path): number;
}

/** `*name` stands for all that `&name` marked: a few lines of them could stand for gigabytes. */
const mostAliases = 20;

export function readYaml(source: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, merge: false });
  const faults = document.errors.map((error) => ({ where: `line ${String(lines.linePos(error.pos[0]).line)}`, what: error.message }));
  // What is quoted is looked at once it was read; this is for comments, and for all that was typed as it is.
  if (!isStorable(source)) {
    const line = source.split('\n').findIndex((each) => !isStorable(each)) + 1;
    faults.push({ where: `line ${String(line)}`, what: notStorable });
  }
  let value: unknown;
  try {
    if (faults.length === 0) value = document.toJS({ maxAliasCount: mostAliases });
  } catch {
    faults.push({ where: 'the text', what: 'refers to its own parts too often' });
  }
  return {
    value,
    faults,
    lineOf: (path) => lines.linePos(offsetOf(document, path)).line,
  };
}

/** `journey[2].await.silence[0]` */
export function showPath(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${String(part)}]` : index === 0 ? part : `.${part}`)).join('');
}

function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];
