import { posix } from 'node:path';
import type { Documents } from '../../content/documents.js';
import { readSource, type Source } from '../../content/source.js';

/** One template in one locale. */
export interface TemplateFile extends Source {
  readonly key: string;
  /** In lower case. */
  readonly locale: string;
}

const layoutName = '_layout.yaml';
const templateName = /^[^/]+\/[^/]+\.yaml$/;

/** Whether a file of the templates' folder belongs to the templates: the layout, or `<key>/<locale>.yaml`. */
export function isTemplateFile(name: string): boolean {
  return name === layoutName || templateName.test(name);
}

/** Reads `<key>/<locale>.yaml` of the templates' folder, and the layout beside them. */
export function readTemplateFiles(documents: Documents): { readonly files: readonly TemplateFile[]; readonly layout: Source | undefined } {
  const files = [...documents]
    .filter(([name]) => templateName.test(name))
    .map(([name, yaml]) => ({
      ...readSource(name, yaml),
      key: posix.dirname(name),
      locale: posix.basename(name, '.yaml').toLowerCase(),
    }));
  const layout = documents.get(layoutName);
  return { files, layout: layout === undefined ? undefined : readSource(layoutName, layout) };
}
