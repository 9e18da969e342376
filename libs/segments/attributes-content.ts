import type { ContentKind } from '../content/content-kind.js';
import { readShaped } from '../content/source.js';
import { declaredAttributes, fieldsWith, isColumn, type Field } from './fields.js';

/** Where the attributes are declared. */
export const attributesPath = 'attributes.yaml';

/** The attributes that rules may ask about, beside columns and scores. */
export const attributesContent: ContentKind<readonly Field[]> = {
  owns: (path) => path === attributesPath,
  compile: (documents, _using, report) => {
    const yaml = documents.get(attributesPath);
    const declared = yaml === undefined ? { attributes: {} } : readShaped(attributesPath, yaml, declaredAttributes, report);
    const attributes = declared?.attributes ?? {};
    for (const name of Object.keys(attributes).filter(isColumn)) {
      report({ file: attributesPath, field: `attributes.${name}`, what: 'is a column of every customer already' });
    }
    return fieldsWith(attributes);
  },
};
