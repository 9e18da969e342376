import { declareScore, type Draft } from '../../scoring/declare/declare-score.js';
import type { Looks as SampleLooks, SampleColumn } from '../../scoring/declare/sample.js';
import { bareOf, type Looks } from './look-at-column.js';
import { lookAtFile } from './look-at-file.js';
import { formatsOfNumbers, numberFormat, readDecimal } from './number-format.js';
import { namesForModels } from './propose-mapping.js';
import type { ImportSource } from './text-file.js';
import { Unreadable } from './unreadable.js';

/**
 * Drafts the declaration of a score from a file of customers, under the names that the proposed mapping gives its columns.
 * @throws Problem('invalid') if it is no text, Problem('not-found') if there is no such file
 */
export async function declareFromFile(source: ImportSource): Promise<Draft> {
  const found = await lookAtFile(source);
  const names = namesForModels(found);
  const columns = found.columns.filter(({ column }) => column !== '');
  return declareScore(
    columns.map(({ column, cells, looks }): SampleColumn => {
      return { column, name: names.get(column), cells: cells.map(({ text }) => text), looks: sampleLooks(looks) };
    }),
  );
}

function sampleLooks(looks: Looks): SampleLooks {
  if (looks.kind !== 'number') return looks;
  const [format] = formatsOfNumbers(looks.written);
  const written = format === undefined ? undefined : numberFormat.parse(format);
  return { kind: 'number', valueOf: (cell) => numberOf(cell, written) };
}

/** A number as the most of its column are written; undefined where it is none. */
function numberOf(cell: string, format: Parameters<typeof readDecimal>[1]): number | undefined {
  try {
    return Number(readDecimal(bareOf(cell), format, 'a number'));
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}
