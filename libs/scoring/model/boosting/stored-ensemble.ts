import { z } from 'zod';
import { depthOf, mostDepth, tableSize, type Ensemble } from './ensemble.js';

/** Little-endian typed arrays in base64: a third of their size as decimal numbers, and exact. */
const packed = z.base64();

const fields = z.object({
  loss: z.enum(['logistic', 'squared']),
  base: z.number(),
  bins: z.array(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('number'), name: z.string(), cuts: z.array(z.number()).max(254) }),
      z.object({ type: z.literal('category'), name: z.string(), binOf: z.array(z.int().min(0).max(254)) }),
    ]),
  ),
  roots: packed,
  left: packed,
  column: packed,
  table: packed,
  answer: packed,
  cover: packed,
  /** One bit a place. */
  tables: packed,
});
export type StoredEnsemble = z.infer<typeof fields>;

export const storedEnsemble = fields.refine(isWhole, { message: 'must be a whole ensemble' });

export function toStoredEnsemble(ensemble: Ensemble): StoredEnsemble {
  const { loss, base, roots, left, column, table, answer, cover, tables } = ensemble;
  return {
    loss,
    base,
    bins: ensemble.bins as StoredEnsemble['bins'],
    roots: pack(roots),
    left: pack(left),
    column: pack(column),
    table: pack(table),
    answer: pack(answer),
    cover: pack(cover),
    tables: pack(toBits(tables)),
  };
}

export function ensembleFrom(stored: StoredEnsemble): Ensemble {
  const { loss, base, bins } = stored;
  return {
    loss,
    base,
    bins,
    roots: new Int32Array(unpack(stored.roots)),
    left: new Int32Array(unpack(stored.left)),
    column: new Int32Array(unpack(stored.column)),
    table: new Int32Array(unpack(stored.table)),
    answer: new Float64Array(unpack(stored.answer)),
    cover: new Float64Array(unpack(stored.cover)),
    tables: fromBits(new Uint8Array(unpack(stored.tables))),
  };
}

/** Whether every node that is pointed to is there: a damaged ensemble must not make scoring loop. */
function isWhole(stored: StoredEnsemble): boolean {
  let ensemble: Ensemble;
  try {
    ensemble = ensembleFrom(stored);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
  const { bins, roots, left, column, table, answer, cover, tables } = ensemble;
  const nodes = left.length;
  return (
    [column, table, answer, cover].every((each) => each.length === nodes) &&
    roots.every((root) => root >= 0 && root < nodes) &&
    left.every((child, node) => child === 0 || (child > node && child + 1 < nodes)) &&
    roots.every((root) => depthOf(left, root) <= mostDepth) &&
    column.every((each, node) => left[node] === 0 || (each >= 0 && each < bins.length)) &&
    table.every((each, node) => left[node] === 0 || (each >= 0 && (each + 1) * tableSize <= tables.length))
  );
}

function pack(values: Int32Array | Float64Array | Uint8Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

/** A copy of its own, so that it begins at a multiple of eight bytes. */
function unpack(text: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(text, 'base64')).buffer;
}

function toBits(flags: Uint8Array): Uint8Array {
  const bits = new Uint8Array(flags.length / 8);
  flags.forEach((flag, place) => (bits[place >> 3] = (bits[place >> 3] ?? 0) | (flag << (place & 7))));
  return bits;
}

function fromBits(bits: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: bits.length * 8 }, (_, place) => ((bits[place >> 3] ?? 0) >> (place & 7)) & 1);
}
