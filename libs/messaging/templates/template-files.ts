import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isNode, isScalar, LineCounter, parseDocument, Scalar } from 'yaml';
import type { z } from 'zod';
import type { TemplateFault } from './template-lint.js';

/** A YAML file of the templates' folder, read but not yet understood. */
export interface SourceFile {
  /** As it is named in faults: `save-offer/de.yaml`. */
  readonly file: string;
  /** What it says; undefined where it is no YAML. */
  readonly content: unknown;
  /** The text of a field, dotted, and the line of the file in which that text begins. */
  readonly field: (path: string) => { readonly text: string; readonly line: number } | undefined;
  readonly faults: readonly TemplateFault[];
}

/** One template in one locale. */
export interface TemplateFile extends SourceFile {
  readonly key: string;
  /** In lower case. */
  readonly locale: string;
}

/** Reads `<key>/<locale>.yaml` of a folder, and the layout beside them. */
export function readTemplateFiles(dir: string): { readonly files: readonly TemplateFile[]; readonly layout: SourceFile | undefined } {
  const entries = readdirSync(dir, { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: key }) =>
      readdirSync(join(dir, key))
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => ({ ...readSource(dir, `${key}/${name}`), key, locale: basename(name, '.yaml').toLowerCase() })),
    );
  return { files, layout: entries.some(({ name }) => name === '_layout.yaml') ? readSource(dir, '_layout.yaml') : undefined };
}

function readSource(dir: string, file: string): SourceFile {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(join(dir, file), 'utf8'), { lineCounter: lines, prettyErrors: false });
  const faults = document.errors.map(({ message, pos }) => ({ file, line: lines.linePos(pos[0]).line, what: message }));
  return {
    file,
    content: faults.length > 0 ? undefined : document.toJS(),
    faults,
    field: (path) => {
      const node: unknown = document.getIn(path.split('.'), true);
      if (!isNode(node) || !node.range) return undefined;
      const { line } = lines.linePos(node.range[0]);
      const isBlock = isScalar(node) && (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED);
      return { text: isScalar(node) ? String(node.value) : '', line: isBlock ? line + 1 : line };
    },
  };
}

/** What is wrong with the shape of a file, field by field. */
export function shapeFaults({ issues }: z.ZodError, { file, field }: SourceFile): TemplateFault[] {
  return issues.map((issue) => {
    const name = issue.path.map(String).join('.');
    // Of a key that is not allowed, the reason stands one level below.
    const what = issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join('; ') : issue.message;
    return { file, ...(name !== '' && { field: name }), line: field(name)?.line, what };
  });
}
