import type { Knowledge } from '../../campaigns/knowledge.js';
import { describeFault } from './template-lint.js';
import type { CheckedTemplates } from './templates.js';

/** What a process tells the others of its templates. A fault of the layout is one of every template. */
export function templatesKnown({ templates, faults }: CheckedTemplates): Knowledge['templates'] {
  const keyOf = (file: string): string => file.split('/', 1)[0] ?? file;
  const broken = faults.map(({ file }) => keyOf(file)).filter((key) => !key.startsWith('_'));
  return Object.fromEntries(
    [...new Set([...templates.keys, ...broken])].map((key) => [
      key,
      {
        digest: templates.digest(key) ?? null,
        faults: faults.filter(({ file }) => [key, '_layout.yaml'].includes(keyOf(file))).map(describeFault),
      },
    ]),
  );
}
