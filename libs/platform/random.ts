import { createHash } from 'node:crypto';

/** Seeded random numbers: the same seed gives the same run on every machine. Not for secrets. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  below(below: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of these. @throws RangeError if the list is empty */
  pick<T>(from: readonly T[]): T;
  /** One of these, with a probability proportional to its weight. @throws RangeError if the list is empty */
  weighted<T extends { readonly weight: number }>(from: readonly T[]): T;
}

/** A generator from any text, such as `${seed}:${customer}`, so that each thing has its own numbers, whatever the order. */
export function createRandom(seed: string): Random {
  const next = mulberry32(createHash('sha256').update(seed).digest().readUInt32LE(0));
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (from) => at(from, below(from.length)),
    weighted: (from) => {
      let left = next() * from.reduce((sum, each) => sum + each.weight, 0);
      return from.find((each) => (left -= each.weight) < 0) ?? at(from, from.length - 1);
    },
  };
}

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, passes gjrand; plenty for demos and folds. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function at<T>(from: readonly T[], index: number): T {
  if (from.length === 0) throw new RangeError('There is nothing to choose from');
  return from[index] as T;
}
