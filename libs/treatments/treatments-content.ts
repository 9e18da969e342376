import type { ContentKind, ReportError } from '../content/content-kind.js';
import { readSource } from '../content/source.js';
import { Problem } from '../platform/problem.js';
import type { Field } from '../segments/fields.js';
import type { TreatmentDefinition } from './treatment.entity.js';
import { parseTreatment } from './treatments.js';

const path = /^treatments\/[^/]+\.yaml$/;

/** What the treatments are checked with. */
export interface TreatmentsUsing {
  /** The fields that their rules may use. */
  readonly fields: readonly Field[];
}

/** The treatments, one for each document, by name. */
export const treatmentsContent: ContentKind<readonly TreatmentDefinition[], TreatmentsUsing> = {
  owns: (each) => path.test(each),
  compile: (documents, { fields }, report) => {
    const read = new Map<string, TreatmentDefinition>();
    for (const [file, yaml] of documents) {
      const treatment = readTreatment(file, yaml, fields, report);
      if (treatment === undefined) continue;
      if (read.has(treatment.treatment))
        report({ file, field: 'treatment', what: `is ${treatment.treatment}, and so is that of another document` });
      read.set(treatment.treatment, treatment);
    }
    return [...read.values()].sort((a, b) => (a.treatment < b.treatment ? -1 : 1));
  },
};

function readTreatment(file: string, yaml: string, fields: readonly Field[], report: ReportError): TreatmentDefinition | undefined {
  const source = readSource(file, yaml);
  source.errors.forEach(report);
  if (source.errors.length > 0) return undefined;
  try {
    return parseTreatment(yaml, fields);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    for (const { where, what } of error.places) {
      const field = where.split(' ', 1)[0] ?? where;
      report({ file, field: where, line: source.field(field)?.line, what });
    }
    return undefined;
  }
}
