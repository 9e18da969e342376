import type { ContentError, ContentKind } from '../content/content-kind.js';
import type { Documents } from '../content/documents.js';
import { readShaped } from '../content/source.js';
import { declaredAttributes, fieldsWith, isColumn, type Field } from './fields.js';

/** Where the attributes are declared. */
export const attributesPath = 'attributes.yaml';

/** The fields that these documents declare, and what is wrong with them. */
export function readAttributes(documents: Documents): { readonly fields: readonly Field[]; readonly errors: readonly ContentError[] } {
  const errors: ContentError[] = [];
  const yaml = documents.get(attributesPath);
  const declared = yaml === undefined ? undefined : readShaped(attributesPath, yaml, declaredAttributes, (error) => errors.push(error));
  const attributes = declared?.attributes ?? {};
  for (const name of Object.keys(attributes).filter(isColumn)) {
    errors.push({ file: attributesPath, field: `attributes.${name}`, what: 'is a column of every customer already' });
  }
  return { fields: fieldsWith(attributes), errors };
}

/** The attributes that rules may use, beside columns and scores. */
export const attributesContent: ContentKind<readonly Field[]> = {
  owns: (path) => path === attributesPath,
  compile: (documents, _using, report) => {
    const { fields, errors } = readAttributes(documents);
    errors.forEach(report);
    return fields;
  },
};
