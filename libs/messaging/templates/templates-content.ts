import { below } from '../../content/documents.js';
import type { ContentKind } from '../../content/content-kind.js';
import { isTemplateFile } from './template-files.js';
import { checkTemplates, type Templates } from './templates.js';

/** The folder of the templates, among what is published. */
export const templatesFolder = 'templates';

/** What the templates are checked with. */
export interface TemplatesUsing {
  /** The company's own locale: the fallback of a customer's locale, before English. */
  readonly company: string;
}

/** The templates with their layout: `templates/<key>/<locale>.yaml` and `templates/_layout.yaml`. */
export const templatesContent: ContentKind<Templates, TemplatesUsing> = {
  owns: (path) => path.startsWith(`${templatesFolder}/`) && isTemplateFile(path.slice(templatesFolder.length + 1)),
  compile: async (documents, { company }, report) => {
    const { templates, errors } = await checkTemplates(below(templatesFolder, documents), company);
    for (const error of errors) report({ ...error, file: `${templatesFolder}/${error.file}` });
    return templates;
  },
};
