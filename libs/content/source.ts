import { isNode, isScalar, LineCounter, parseDocument, Scalar, visit } from 'yaml';
import type { z } from 'zod';
import { checkShape } from '../platform/check-shape.js';
import { whyUnfit } from '../platform/bounds.js';
import type { ContentError, ReportError } from './content-kind.js';

/** A YAML document, parsed but not yet interpreted. */
export interface Source {
  /** Its name in errors: `save-offer/de.yaml`. */
  readonly file: string;
  /** Its content; undefined if it is not YAML. */
  readonly content: unknown;
  /** The text of a field, dotted, and the line of the document in which that text begins. */
  readonly field: (path: string) => { readonly text: string; readonly line: number } | undefined;
  readonly errors: readonly ContentError[];
}

export function readSource(file: string, yaml: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  const read = contentOf(document);
  const errors = [
    ...document.errors.map(({ message, pos }) => ({ file, line: lines.linePos(pos[0]).line, what: message })),
    ...(read.problem === undefined ? [] : [{ file, what: read.problem }]),
    ...unfitScalars(document).map(({ at, what }) => ({ file, line: lines.linePos(at).line, what })),
  ];
  return {
    file,
    content: errors.length > 0 ? undefined : read.content,
    errors,
    field: (path) => {
      const node: unknown = document.getIn(path.split('.'), true);
      if (!isNode(node) || !node.range) return undefined;
      const { line } = lines.linePos(node.range[0]);
      const isBlock = isScalar(node) && (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED);
      return { text: isScalar(node) ? String(node.value) : '', line: isBlock ? line + 1 : line };
    },
  };
}

/** Texts and keys that cannot be used. They are searched after parsing, because YAML can write any character as an escape. */
function unfitScalars(document: ReturnType<typeof parseDocument>): { readonly at: number; readonly what: string }[] {
  const found: { readonly at: number; readonly what: string }[] = [];
  visit(document, {
    Scalar: (position, { value, range }) => {
      const at = range?.[0] ?? 0;
      const unfit = typeof value === 'string' ? whyUnfit(value) : undefined;
      if (unfit !== undefined) found.push({ at, what: unfit });
      // Schemas drop this key silently.
      if (position === 'key' && value === '__proto__') found.push({ at, what: 'has the key __proto__' });
    },
  });
  return found;
}

/** Undeclared aliases, and aliases that repeat too much, are found only here. */
function contentOf(document: ReturnType<typeof parseDocument>): { readonly content?: unknown; readonly problem?: string } {
  if (document.errors.length > 0) return {};
  try {
    return { content: document.toJS() };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { problem: error.message };
  }
}

/** What a source says, checked field by field. @returns undefined if something was reported */
export function shapeOf<Output>({ file, content, field }: Source, schema: z.ZodType<Output>, report: ReportError): Output | undefined {
  const { data, wrong } = checkShape(schema, content, { written: 'yaml' });
  for (const { path, what } of wrong ?? []) {
    const name = path.map(String).join('.');
    report({ file, ...(name !== '' && { field: name }), line: field(name)?.line, what });
  }
  return data;
}

/** Reads a document and checks its shape. @returns undefined if something was reported */
export function readShaped<Output>(file: string, yaml: string, schema: z.ZodType<Output>, report: ReportError): Output | undefined {
  const source = readSource(file, yaml);
  source.errors.forEach(report);
  return source.errors.length > 0 ? undefined : shapeOf(source, schema, report);
}
