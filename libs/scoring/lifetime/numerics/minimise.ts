/** A lowest point that was found. */
export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
  readonly evaluations: number;
  /** Whether the search converged, and did not end because it had used up its evaluations. */
  readonly converged: boolean;
}

/** The least and the greatest value of one parameter. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

interface Corner {
  readonly at: readonly number[];
  readonly value: number;
}

const tolerance = 1e-10;
const mostEvaluations = 20_000;
const firstStep = 0.5;

/**
 * The lowest point of a function of positive parameters within bounds, by the simplex search of Nelder and Mead (A Simplex Method
 * for Function Minimization, 1965) on the logarithms of the parameters. The search begins again with a new simplex around what it
 * has found until that gains nothing, because a simplex may become flat before it is at the bottom. It needs no derivatives
 * and no chance: the same input gives the same answer.
 * @param target NaN counts as infinitely high
 */
export function minimise(target: (parameters: readonly number[]) => number, start: readonly number[], bounds: readonly Bounds[]): Minimum {
  let evaluations = 0;
  const clamped = (at: readonly number[]): number[] =>
    at.map((value, index) => {
      const { least, most } = bounds[index] ?? { least: 0, most: Infinity };
      return Math.min(Math.log(most), Math.max(Math.log(least), value));
    });
  const corner = (wanted: readonly number[]): Corner => {
    evaluations++;
    const at = clamped(wanted);
    const value = target(at.map(Math.exp));
    return { at, value: Number.isNaN(value) ? Infinity : value };
  };
  let best = corner(start.map(Math.log));
  let converged = false;
  for (let step = firstStep; !converged && evaluations < mostEvaluations; step = Math.max(0.01, step / 4)) {
    const found = search(best, step, corner, () => evaluations < mostEvaluations);
    converged = best.value - found.value <= tolerance * (1 + Math.abs(found.value));
    best = found;
  }
  return { at: best.at.map(Math.exp), value: best.value, evaluations, converged };
}

/** One run of the simplex, until its corners are equally low. */
function search(from: Corner, step: number, corner: (at: readonly number[]) => Corner, goOn: () => boolean): Corner {
  const size = from.at.length;
  // Inwards where outwards is out of bounds: a corner on the start would leave the simplex flat.
  const beside = (index: number): Corner => {
    const moved = (by: number): Corner => corner(from.at.map((value, place) => (place === index ? value + by : value)));
    const outwards = moved(step);
    return outwards.at[index] === from.at[index] ? moved(-step) : outwards;
  };
  let corners = [from, ...from.at.map((_, index) => beside(index))].sort(byValue);
  while (goOn()) {
    const [best = from] = corners;
    const worst = corners[size] ?? best;
    const second = corners[size - 1] ?? best;
    if (worst.value - best.value <= tolerance * 0.01 * (1 + Math.abs(best.value)) && spread(corners) < 1e-6) break;
    const center = from.at.map((_, index) => corners.slice(0, size).reduce((sum, { at }) => sum + (at[index] ?? 0), 0) / size);
    const along = (factor: number): Corner => corner(center.map((middle, index) => middle + factor * (middle - (worst.at[index] ?? 0))));
    const reflected = along(1);
    let next: Corner | undefined;
    if (reflected.value < best.value) {
      const expanded = along(2);
      next = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < second.value) {
      next = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? 0.5 : -0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) next = contracted;
    }
    corners =
      next === undefined
        ? [best, ...corners.slice(1).map(({ at }) => corner(at.map((value, index) => ((best.at[index] ?? 0) + value) / 2)))]
        : [...corners.slice(0, size), next];
    corners.sort(byValue);
  }
  return corners[0] ?? from;
}

const byValue = (a: Corner, b: Corner): number => a.value - b.value;

/** How far the corners lie apart, along the parameter in which they lie furthest. */
function spread(corners: readonly Corner[]): number {
  const [first] = corners;
  if (first === undefined) return 0;
  return Math.max(
    ...first.at.map((_, index) => {
      const values = corners.map(({ at }) => at[index] ?? 0);
      return Math.max(...values) - Math.min(...values);
    }),
  );
}
