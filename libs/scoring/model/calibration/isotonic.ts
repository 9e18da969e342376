/**
 * An increasing map of log-odds: straight lines between the points (at[i], to[i]), level beyond the ends; and everywhere a very slight
 * rise, so that customers of one level keep their order.
 */
export interface Isotonic {
  readonly at: readonly number[];
  readonly to: readonly number[];
}

const slightRise = 1e-3;

interface Block {
  readonly from: number;
  readonly to: number;
  readonly happened: number;
  readonly rows: number;
}

/**
 * Isotonic regression by pooling adjacent violators (Zadrozny and Elkan 2002; Barlow et al. 1972) on log-odds that a model gave to
 * customers it had not seen. A customer to whom it happened is added at the bottom, and one to whom it did not at the top: no likelihood
 * is 0 or 1.
 */
export function fitIsotonic(logOdds: Float64Array, labels: Uint8Array): Isotonic {
  const order = Uint32Array.from(logOdds.keys()).sort((a, b) => (logOdds[a] ?? 0) - (logOdds[b] ?? 0));
  const lowest = logOdds[order[0] ?? 0] ?? 0;
  const highest = logOdds[order.at(-1) ?? 0] ?? 0;
  const blocks: Block[] = [{ from: lowest, to: lowest, happened: 1, rows: 1 }];
  for (let start = 0; start < order.length;) {
    // Rows of the same log-odds belong together.
    const z = logOdds[order[start] ?? 0] ?? 0;
    let end = start;
    let happened = 0;
    while (end < order.length && logOdds[order[end] ?? 0] === z) happened += labels[order[end++] ?? 0] ?? 0;
    pool(blocks, { from: z, to: z, happened, rows: end - start });
    start = end;
  }
  pool(blocks, { from: highest, to: highest, happened: 0, rows: 1 });
  const points = blocks.flatMap(({ from, to, happened, rows }) => {
    const level = Math.log(happened / (rows - happened));
    return (from === to ? [from] : [from, to]).map((at) => ({ at, level }));
  });
  return { at: points.map(({ at }) => at), to: points.map(({ level }) => level) };
}

/** The calibrated log-odds. */
export function applyIsotonic({ at, to }: Isotonic, logOdds: number): number {
  const last = at.length - 1;
  const rise = slightRise * logOdds;
  if (!(logOdds > (at[0] ?? 0))) return rise + (to[0] ?? 0);
  if (logOdds >= (at[last] ?? 0)) return rise + (to[last] ?? 0);
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) <= logOdds) low = middle;
    else high = middle;
  }
  const [a = 0, b = 0, from = 0, until = 0] = [at[low], at[high], to[low], to[high]];
  return rise + from + ((until - from) * (logOdds - a)) / (b - a);
}

/** Adds a block, and merges it with those before it for as long as the shares do not rise. */
function pool(blocks: Block[], block: Block): void {
  let merged = block;
  for (let before = blocks.at(-1); before !== undefined; before = blocks.at(-1)) {
    if (before.happened * merged.rows < merged.happened * before.rows) break;
    blocks.pop();
    merged = { from: before.from, to: merged.to, happened: before.happened + merged.happened, rows: before.rows + merged.rows };
  }
  blocks.push(merged);
}
