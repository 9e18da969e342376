/** An increasing map of log-odds: straight lines between the points (at[i], to[i]), and lines of slope 1 beyond the ends. */
export interface Isotonic {
  readonly at: readonly number[];
  readonly to: readonly number[];
}

interface Block {
  /** Sums over its rows. */
  logOdds: number;
  happened: number;
  rows: number;
}

/**
 * Isotonic regression by pooling adjacent violators (Zadrozny and Elkan 2002; Barlow et al. 1972) on log-odds that a model gave to
 * customers it had not seen. Between the means of the blocks it goes in straight lines, so that the order of customers stays.
 * A customer to whom it happened is added at the bottom, and one to whom it did not at the top: no likelihood is 0 or 1.
 */
export function fitIsotonic(logOdds: Float64Array, labels: Uint8Array): Isotonic {
  const order = Uint32Array.from(logOdds.keys()).sort((a, b) => (logOdds[a] ?? 0) - (logOdds[b] ?? 0));
  const lowest = logOdds[order[0] ?? 0] ?? 0;
  const highest = logOdds[order.at(-1) ?? 0] ?? 0;
  const blocks: Block[] = [];
  pool(blocks, { logOdds: lowest, happened: 1, rows: 1 });
  for (let start = 0; start < order.length;) {
    // Rows of the same log-odds belong together.
    const z = logOdds[order[start] ?? 0] ?? 0;
    let end = start;
    let happened = 0;
    while (end < order.length && logOdds[order[end] ?? 0] === z) happened += labels[order[end++] ?? 0] ?? 0;
    pool(blocks, { logOdds: z * (end - start), happened, rows: end - start });
    start = end;
  }
  pool(blocks, { logOdds: highest, happened: 0, rows: 1 });
  return {
    at: blocks.map((block) => block.logOdds / block.rows),
    to: blocks.map(({ happened, rows }) => Math.log(happened / (rows - happened))),
  };
}

/** The calibrated log-odds. */
export function applyIsotonic({ at, to }: Isotonic, logOdds: number): number {
  const last = at.length - 1;
  const [firstAt = 0, lastAt = 0] = [at[0], at[last]];
  if (!(logOdds > firstAt)) return (to[0] ?? 0) + logOdds - firstAt;
  if (logOdds >= lastAt) return (to[last] ?? 0) + logOdds - lastAt;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) <= logOdds) low = middle;
    else high = middle;
  }
  const [a = 0, b = 0, from = 0, until = 0] = [at[low], at[high], to[low], to[high]];
  return from + ((until - from) * (logOdds - a)) / (b - a);
}

/** Adds a block, and merges it with those before it for as long as the shares do not rise. */
function pool(blocks: Block[], block: Block): void {
  for (let before = blocks.at(-1); before !== undefined; before = blocks.at(-1)) {
    if (before.happened * block.rows < block.happened * before.rows) break;
    blocks.pop();
    block.logOdds += before.logOdds;
    block.happened += before.happened;
    block.rows += before.rows;
  }
  blocks.push(block);
}
