/** What binds two customers. Of a referral `from` is the one who referred; the others have no direction. */
export const tieKinds = ['referral', 'household', 'contact'] as const;
export type TieKind = (typeof tieKinds)[number];

/** Ties between customers, who are numbers from 0: one tie a place, all arrays of one length. */
export interface Ties {
  /** Places in `tieKinds`. */
  readonly kind: Uint8Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** How strong the tie is among those of its kind; 1 where nothing is known. */
  readonly weight: Float64Array;
}

/** Ties as arrows from a customer to one who matters to them, ordered by `from`, `to` and kind, none twice. */
export type Arrows = Ties;

/**
 * The ties as arrows. One of a referral runs from who was referred to who referred them, or both ways where `mutual`; the others
 * run both ways. A tie that is named several times, in either direction where it has none, counts once, with its greatest weight;
 * a tie of a customer to themselves, or of weight 0, does not count.
 * @param customers how many there are
 * @throws RangeError where a tie names a customer or a kind that does not exist, or has a negative weight
 */
export function arrowsOf(customers: number, ties: Ties, mutual: boolean): Arrows {
  check(customers, ties);
  const { kind, from, to, weight } = ties;
  const most = kind.length * 2;
  const arrows = { kind: new Uint8Array(most), from: new Uint32Array(most), to: new Uint32Array(most), weight: new Float64Array(most) };
  let count = 0;
  const add = (tie: number, source: number, target: number): void => {
    arrows.kind[count] = at(kind, tie);
    arrows.from[count] = source;
    arrows.to[count] = target;
    arrows.weight[count] = at(weight, tie);
    count++;
  };
  for (let tie = 0; tie < kind.length; tie++) {
    const [one, other] = [at(from, tie), at(to, tie)];
    if (one === other || at(weight, tie) === 0) continue;
    add(tie, other, one);
    if (mutual || at(kind, tie) !== referral) add(tie, one, other);
  }
  return withoutRepeats(arrows, ordered(arrows, count, customers));
}

const referral = tieKinds.indexOf('referral');

/** Places in order of `from`, `to` and kind: a counting sort of each key, the least first, which keeps the order of the others. */
function ordered({ kind, from, to }: Ties, count: number, customers: number): Uint32Array {
  let order = new Uint32Array(count);
  for (let index = 0; index < count; index++) order[index] = index;
  for (const [keys, size] of [
    [kind, tieKinds.length],
    [to, customers],
    [from, customers],
  ] as const) {
    const starts = new Uint32Array(size + 1);
    for (let index = 0; index < count; index++) starts[at(keys, index) + 1] = at(starts, at(keys, index) + 1) + 1;
    for (let key = 0; key < size; key++) starts[key + 1] = at(starts, key + 1) + at(starts, key);
    const next = new Uint32Array(count);
    for (const index of order) {
      const key = at(keys, index);
      next[at(starts, key)] = index;
      starts[key] = at(starts, key) + 1;
    }
    order = next;
  }
  return order;
}

function withoutRepeats(arrows: Ties, order: Uint32Array): Arrows {
  const size = order.length;
  const kept = { kind: new Uint8Array(size), from: new Uint32Array(size), to: new Uint32Array(size), weight: new Float64Array(size) };
  let count = 0;
  for (const arrow of order) {
    const [kind, from, to, weight] = [at(arrows.kind, arrow), at(arrows.from, arrow), at(arrows.to, arrow), at(arrows.weight, arrow)];
    const last = count - 1;
    if (count > 0 && kept.kind[last] === kind && kept.from[last] === from && kept.to[last] === to) {
      kept.weight[last] = Math.max(at(kept.weight, last), weight);
      continue;
    }
    kept.kind[count] = kind;
    kept.from[count] = from;
    kept.to[count] = to;
    kept.weight[count] = weight;
    count++;
  }
  return {
    kind: kept.kind.subarray(0, count),
    from: kept.from.subarray(0, count),
    to: kept.to.subarray(0, count),
    weight: kept.weight.subarray(0, count),
  };
}

function check(customers: number, { kind, from, to, weight }: Ties): void {
  if (from.length !== kind.length || to.length !== kind.length || weight.length !== kind.length)
    throw new RangeError('The arrays of the ties differ in length');
  for (let tie = 0; tie < kind.length; tie++) {
    if (at(from, tie) >= customers || at(to, tie) >= customers)
      throw new RangeError(`Tie ${tie} is between ${at(from, tie)} and ${at(to, tie)}, and there are ${customers} customers`);
    if (at(kind, tie) >= tieKinds.length) throw new RangeError(`Tie ${tie} is of kind ${at(kind, tie)}, which does not exist`);
    if (!(at(weight, tie) >= 0 && at(weight, tie) < Infinity)) throw new RangeError(`Tie ${tie} has a weight of ${at(weight, tie)}`);
  }
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
