import type { ContentFault, ContentKind } from '../content/content-kind.js';
import type { Documents } from '../content/documents.js';
import { readShaped } from '../content/source.js';
import { declaredAttributes, fieldsWith, isColumn, type Field } from './fields.js';

/** Where the attributes are declared. */
export const attributesPath = 'attributes.yaml';

/** What rules may ask about by these documents, and what is wrong with them. */
export function readAttributes(documents: Documents): { readonly fields: readonly Field[]; readonly faults: readonly ContentFault[] } {
  const faults: ContentFault[] = [];
  const yaml = documents.get(attributesPath);
  const declared = yaml === undefined ? undefined : readShaped(attributesPath, yaml, declaredAttributes, (fault) => faults.push(fault));
  const attributes = declared?.attributes ?? {};
  for (const name of Object.keys(attributes).filter(isColumn)) {
    faults.push({ file: attributesPath, field: `attributes.${name}`, what: 'is a column of every customer already' });
  }
  return { fields: fieldsWith(attributes), faults };
}

/** The attributes that rules may ask about, beside columns and scores. */
export const attributesContent: ContentKind<readonly Field[]> = {
  owns: (path) => path === attributesPath,
  compile: (documents, _using, report) => {
    const { fields, faults } = readAttributes(documents);
    faults.forEach(report);
    return fields;
  },
};
