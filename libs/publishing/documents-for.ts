import { below, type Documents } from '../content/documents.js';
import { readSource } from '../content/source.js';
import { needsOf, whyUnreadable } from '../campaigns/needs.js';
import { parseDefinition } from '../campaigns/parse-definition.js';
import { templatesFolder } from '../messaging/templates/templates-content.js';
import { attributesPath, readAttributes } from '../segments/attributes-content.js';
import { knownFields, useFields } from '../segments/fields.js';
import { checkContent } from './content.js';

/**
 * The published documents, with those that a campaign needs replaced from a folder: its templates with their layout, its treatments, and
 * the attributes if the published ones lack some that its rules use. Other files of the folder are not read: they may be half written.
 * @param definition the campaign's YAML
 * @param company the company's own locale
 * @throws Problem invalid with every wrong place of the definition, as far as names show it
 */
export async function documentsFor(definition: string, published: Documents, files: Documents, company: string): Promise<Documents> {
  const treatments = treatmentPaths(files);
  const known = {
    templates: templateKeys(new Map([...published, ...files])),
    treatments: [...treatmentPaths(published).keys(), ...treatments.keys()],
  };
  const parsed = withFieldsOf(files, () => parseDefinition(definition, known));
  const needs = needsOf(parsed, []);
  const needed = [...files.keys()].filter(
    (path) => path === `${templatesFolder}/_layout.yaml` || needs.templates.some((key) => path.startsWith(`${templatesFolder}/${key}/`)),
  );
  const offered = needs.treatments.flatMap((name) => treatments.get(name) ?? []);
  const without = overlaid(published, files, [...needed, ...offered]);
  const { content } = await checkContent(without, company);
  const readable = needs.rules.every((rule) => whyUnreadable(rule, content?.fields ?? knownFields()).length === 0);
  return content !== undefined && readable ? without : overlaid(without, files, [attributesPath]);
}

/** Reads rules with the attributes of these files; if they have an error, with the published ones. */
function withFieldsOf<Read>(files: Documents, read: () => Read): Read {
  const before = knownFields();
  const { fields, errors } = readAttributes(files);
  if (errors.length === 0) useFields(fields);
  try {
    return read();
  } finally {
    useFields(before);
  }
}

/** Files of the same template or treatment replace all its published documents. */
function overlaid(published: Documents, files: Documents, paths: readonly string[]): Documents {
  const folders = new Set(paths.filter((path) => path.split('/').length > 2).map((path) => path.slice(0, path.lastIndexOf('/') + 1)));
  const kept = [...published].filter(([path]) => ![...folders].some((folder) => path.startsWith(folder)));
  return new Map([...kept, ...paths.flatMap((path) => (files.has(path) ? [[path, files.get(path) ?? ''] as const] : []))]);
}

function templateKeys(documents: Documents): string[] {
  return [
    ...new Set([...below(templatesFolder, documents).keys()].flatMap((name) => (name.includes('/') ? (name.split('/', 1)[0] ?? []) : []))),
  ];
}

/** By the name in each document. */
function treatmentPaths(documents: Documents): Map<string, string> {
  const named = [...documents]
    .filter(([path]) => path.startsWith('treatments/'))
    .flatMap(([path, yaml]) => {
      const { content } = readSource(path, yaml);
      const name = (content as { readonly treatment?: unknown } | null | undefined)?.treatment;
      return typeof name === 'string' ? [[name, path] as const] : [];
    });
  return new Map(named);
}
