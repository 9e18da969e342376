import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { loadMapping } from '../../libs/ingestion/import/mapping.js';
import { readCustomers } from '../../libs/ingestion/import/read-customers.js';
import { projectFile } from '../../libs/platform/project-file.js';
import { readScoreDeclaration } from '../../libs/scoring/declaration.js';
import type { DataMatrix } from '../../libs/scoring/model/data/data-matrix.js';
import { numberSettings } from '../../libs/scoring/model/data/number-settings.js';
import { toFeatureRow, type FeatureRow } from '../../libs/scoring/features/feature-row.js';
import { featureData } from './feature-data.js';
import type { NumberSettings } from '../../libs/scoring/model/linear/design.js';

/** A telephone company's customers (data/README.md), as the product's import and declaration make them. */
export interface Telco {
  readonly matrix: DataMatrix;
  readonly labels: Uint8Array;
  /** The fold of each row, from 0. */
  readonly folds: Uint8Array;
  readonly numbers: Readonly<Record<string, NumberSettings>>;
}

export async function readTelco(): Promise<Telco> {
  const { features, target } = await readScoreDeclaration(projectFile('config', 'scores', 'churn.yaml'));
  const foldOf = await readFolds();
  const mapping = await loadMapping(projectFile('config', 'imports', 'telco.yaml'));
  const rows: FeatureRow[] = [];
  for await (const read of readCustomers({ path: projectFile('data', 'telco-churn.csv.gz') }, mapping)) {
    if ('reason' in read) throw new Error(`Line ${read.line} of the data cannot be read: ${read.reason}`);
    if (!foldOf.has(rows.length)) throw new Error(`Line ${read.line} of the data has no fold`);
    rows.push(toFeatureRow(read.customer));
  }
  if (typeof target !== 'string') throw new Error('The declaration of this file has an attribute as its target');
  return {
    matrix: featureData(features, rows),
    labels: Uint8Array.from(rows, (row) => (typeof target === 'string' && row[target] === true ? 1 : 0)),
    folds: Uint8Array.from(rows, (_, row) => foldOf.get(row) ?? 0),
    numbers: numberSettings(features),
  };
}

/** The rows of one fold, and those of all others. */
export function rowsOfFold({ folds }: Telco, fold: number): { readonly seen: Uint32Array; readonly unseen: Uint32Array } {
  const rows = Uint32Array.from(folds.keys());
  return { seen: rows.filter((row) => folds[row] !== fold), unseen: rows.filter((row) => folds[row] === fold) };
}

export const foldCount = 5;

async function readFolds(): Promise<Map<number, number>> {
  const text = gunzipSync(await readFile(projectFile('data', 'telco-folds.csv.gz')));
  const rows: { row: string; fold: string }[] = parse(text, { columns: true });
  return new Map(rows.map(({ row, fold }) => [Number(row), Number(fold)]));
}
