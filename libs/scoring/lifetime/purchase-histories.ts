/**
 * What the models of repeat purchases know of each customer: one number a customer in each array, times in one unit (weeks, say).
 * Purchases of one day count as one.
 */
export interface PurchaseHistories {
  /** Purchases after the first. */
  readonly frequency: Float64Array;
  /** The time from the first purchase to the last; 0 where there is only one. */
  readonly recency: Float64Array;
  /** The time from the first purchase until now. */
  readonly age: Float64Array;
}

/** Purchases as they stand in a file: one a place, all arrays of one length. */
export interface Purchases {
  /** The customer, a number from 0. */
  readonly customer: Uint32Array;
  /** The day, counted from any day. */
  readonly day: Int32Array;
  /** Minor units. */
  readonly amount: Float64Array;
}

/** Histories, with the mean amount of the repeat purchases; 0 where there was none. */
export interface ValuedHistories extends PurchaseHistories {
  readonly meanAmount: Float64Array;
}

/**
 * The histories as they were at the end of a day. Who bought nothing by then has an age of 0 or less.
 * @param customers how many there are
 * @param until the last day that counts
 * @param daysPerUnit 7 for weeks
 */
export function purchaseHistories(
  { customer, day, amount }: Purchases,
  customers: number,
  until: number,
  daysPerUnit: number,
): ValuedHistories {
  const first = new Int32Array(customers).fill(until);
  const last = new Int32Array(customers);
  const days = new Float64Array(customers);
  const total = new Float64Array(customers);
  const order = Uint32Array.from(customer.keys()).sort((a, b) => at(customer, a) - at(customer, b) || at(day, a) - at(day, b));
  let before = -1;
  for (const purchase of order) {
    const who = at(customer, purchase);
    const when = at(day, purchase);
    if (when > until) continue;
    const isFirst = days[who] === 0;
    if (isFirst) first[who] = when;
    if (isFirst || who !== before || when !== last[who]) days[who] = at(days, who) + 1;
    if (when !== first[who]) total[who] = at(total, who) + at(amount, purchase);
    last[who] = when;
    before = who;
  }
  const frequency = days.map((count) => Math.max(0, count - 1));
  return {
    frequency,
    recency: frequency.map((count, who) => (count === 0 ? 0 : (at(last, who) - at(first, who)) / daysPerUnit)),
    age: frequency.map((_, who) => (until - at(first, who)) / daysPerUnit),
    meanAmount: total.map((sum, who) => (at(frequency, who) === 0 ? 0 : sum / at(frequency, who))),
  };
}

/** At most so many of the histories, evenly spaced: enough to fit a model to, since more would hardly move it. */
export function spaced(histories: ValuedHistories, most: number): ValuedHistories {
  const { length } = histories.frequency;
  if (length <= most) return histories;
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: most }, (_, index) => at(values, Math.floor((index * length) / most)));
  const { frequency, recency, age, meanAmount } = histories;
  return { frequency: pick(frequency), recency: pick(recency), age: pick(age), meanAmount: pick(meanAmount) };
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
