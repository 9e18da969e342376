import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TemplateFault } from './template-lint.js';
import { checkTemplates, type Templates } from './templates.js';

/** The templates of a folder, and what is wrong with them. */
export interface CheckedTemplates {
  readonly templates: Templates;
  readonly faults: readonly TemplateFault[];
}

/** A folder of templates that people are writing in. */
export interface TemplateFolder {
  /** The templates as their files are now: read when first asked for, and again after a change. */
  now(): Promise<CheckedTemplates>;
}

/** @param company the company's own locale */
export function openTemplates(dir: string, company: string): TemplateFolder {
  let read: { readonly stamp: string; readonly checked: Promise<CheckedTemplates> } | undefined;
  return {
    now: () => {
      const stamp = stampOf(dir);
      if (read?.stamp !== stamp) read = { stamp, checked: checkTemplates(dir, company) };
      return read.checked;
    },
  };
}

/** Changes with every file that is written, comes or goes. */
function stampOf(dir: string): string {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => `${name} ${String(statSync(join(dir, name)).mtimeMs)}`)
    .join('\n');
}
