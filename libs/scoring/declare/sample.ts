import type { FeatureRow } from '../features/feature-row.js';

/** What a column seems to hold. The import finds this out for a file (ingestion/import/look-at-column.ts), and hands it on. */
export type Looks =
  | { readonly kind: 'nothing' | 'identifier' | 'email' | 'phone' | 'zone' | 'locale' | 'category' | 'country' | 'text' }
  /** What each of its words means; `blank` where an empty cell is the other answer. */
  | { readonly kind: 'yes-no'; readonly words: Readonly<Record<string, boolean>>; readonly blank: boolean | undefined }
  | { readonly kind: 'number'; readonly valueOf: (cell: string) => number | undefined }
  | { readonly kind: 'date' };

/** One column in the rows that were looked at. */
export interface SampleColumn {
  /** As the file names it. */
  readonly column: string;
  /** The attribute that it becomes; undefined where the import makes something else of it, such as an address. */
  readonly name: string | undefined;
  /** One a row, trimmed; empty where nothing is known. */
  readonly cells: readonly string[];
  readonly looks: Looks;
}

/** Customers who are here already, as columns: their types say what each attribute holds. */
export function columnsOfRows(rows: readonly FeatureRow[]): SampleColumn[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].sort().map((name) => {
    const values = rows.map((row) => row[name] ?? null);
    return { column: name, name, cells: values.map((value) => (value === null ? '' : String(value))), looks: looksOf(values) };
  });
}

/** Words of which each comes three times on average are a category; at most so many. */
const mostWords = 40;

function looksOf(values: readonly (string | number | boolean | null)[]): Looks {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { kind: 'nothing' };
  if (known.every((value) => typeof value === 'boolean')) return { kind: 'yes-no', words: { true: true, false: false }, blank: undefined };
  if (known.every((value) => typeof value === 'number'))
    return { kind: 'number', valueOf: (cell) => (cell === '' ? undefined : Number(cell)) };
  const words = new Set(known).size;
  if (known.every((value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value))) return { kind: 'date' };
  if (words === known.length && known.length > 2) return { kind: 'identifier' };
  return { kind: words <= Math.max(2, Math.min(mostWords, known.length / 3)) ? 'category' : 'text' };
}
