import { missing, type CategoryColumn, type DataColumn, type DataMatrix } from '../model/data/data-matrix.js';
import type { FeatureDeclaration, FeatureList } from './feature.js';

/** What a JSON array holds. */
export type Json = string | number | boolean | null;

const number = (value: Json): number => (typeof value === 'number' && Number.isFinite(value) ? value : NaN);
const flag = (value: Json): number => (typeof value === 'boolean' ? Number(value) : NaN);

/** A column as PostgreSQL answered it. A value of another type than the declared one is not known. */
export function toColumn(name: string, declared: FeatureDeclaration, values: readonly Json[]): DataColumn {
  if (declared.type === 'category') return categories(name, declared.same, values);
  const toNumber = declared.type === 'flag' ? flag : number;
  return { type: 'number', name, values: Float64Array.from(values, toNumber) };
}

function categories(name: string, same: Readonly<Record<string, string>>, values: readonly Json[]): CategoryColumn {
  const known = new Map<string, number>();
  const words: string[] = [];
  const codeOf = (written: Json): number => {
    if (typeof written !== 'string') return missing;
    const code = known.get(written);
    if (code !== undefined) return code;
    const word = (Object.hasOwn(same, written) ? same[written] : undefined) ?? written;
    const found = words.indexOf(word);
    const made = found >= 0 ? found : words.push(word) - 1;
    known.set(written, made);
    return made;
  };
  const codes = Int32Array.from(values, codeOf);
  return sorted({ type: 'category', name, codes, words });
}

/** With its words in their order, so that the same values are the same column whatever came first. */
function sorted({ codes, words, ...column }: CategoryColumn): CategoryColumn {
  const inOrder = [...words].sort();
  const place = new Map(inOrder.map((word, index) => [word, index]));
  const moved = words.map((word) => place.get(word) ?? missing);
  return { ...column, words: inOrder, codes: codes.map((code) => moved[code] ?? missing) };
}

/** Pages of the same features, one after the other. */
export function joinColumns(features: FeatureList, pages: readonly DataMatrix[]): DataMatrix {
  const rows = pages.reduce((sum, page) => sum + page.rows, 0);
  const columns = features.map(([name, { type }], index): DataColumn => {
    const parts = pages.flatMap((page) => page.columns[index] ?? []);
    if (type !== 'category') {
      const values = new Float64Array(rows);
      let start = 0;
      for (const part of parts) {
        if (part.type === 'number') values.set(part.values, start);
        start += lengthOf(part);
      }
      return { type: 'number', name, values };
    }
    const words = [...new Set(parts.flatMap((part) => (part.type === 'category' ? part.words : [])))].sort();
    const place = new Map(words.map((word, code) => [word, code]));
    const codes = new Int32Array(rows);
    let start = 0;
    for (const part of parts) {
      if (part.type === 'category') {
        const moved = part.words.map((word) => place.get(word) ?? missing);
        codes.set(
          part.codes.map((code) => moved[code] ?? missing),
          start,
        );
      }
      start += lengthOf(part);
    }
    return { type: 'category', name, codes, words };
  });
  return { rows, columns };
}

/** What a column says of one row: a number, a word, or null where it is not known. */
export function valueAt(column: DataColumn, row: number): string | number | null {
  if (column.type === 'category') return column.words[column.codes[row] ?? missing] ?? null;
  const value = column.values[row] ?? NaN;
  return Number.isNaN(value) ? null : value;
}

const lengthOf = (column: DataColumn): number => (column.type === 'number' ? column.values.length : column.codes.length);
