import fc from 'fast-check';
import { exposureToChurn } from './exposure.js';
import { countTies, neighboursOf, usualKindWeights } from './neighbours.js';
import { pageRank } from './page-rank.js';
import { tieKinds, type TieKind, type Ties } from './ties.js';

interface Tie {
  readonly kind: TieKind;
  readonly from: number;
  readonly to: number;
  readonly weight?: number;
}

const tiesOf = (all: readonly Tie[]): Ties => ({
  kind: Uint8Array.from(all, ({ kind }) => tieKinds.indexOf(kind)),
  from: Uint32Array.from(all, ({ from }) => from),
  to: Uint32Array.from(all, ({ to }) => to),
  weight: Float64Array.from(all, ({ weight = 1 }) => weight),
});
const customers = 12;
const ranksOf = (all: readonly Tie[]): Float64Array => pageRank(neighboursOf(customers, tiesOf(all), usualKindWeights, false)).ranks;
const someTies = fc.array(
  fc.record({
    kind: fc.constantFrom(...tieKinds),
    from: fc.nat({ max: customers - 1 }),
    to: fc.nat({ max: customers - 1 }),
    weight: fc.integer({ min: 1, max: 5 }),
  }),
  { maxLength: 40 },
);
const same = (one: Float64Array, other: Float64Array): void => {
  one.forEach((value, index) => {
    expect(value).toBeCloseTo(other[index] ?? NaN, 7);
  });
};

describe('influence', () => {
  it('averages 1, and is positive for everybody, whatever the ties', () => {
    fc.assert(
      fc.property(someTies, (ties) => {
        const ranks = ranksOf(ties);
        expect(ranks.reduce((sum, rank) => sum + rank, 0) / customers).toBeCloseTo(1, 9);
        expect(Math.min(...ranks)).toBeGreaterThan(0);
      }),
    );
  });

  it('is the same in any order of the ties, with ties named twice or the other way round, and with ties to oneself', () => {
    fc.assert(
      fc.property(someTies, (ties) => {
        // Some are named twice: were they added up, they would count for more than the others.
        const turned = ties
          .slice(0, ties.length / 2)
          .map((tie) => (tie.kind === 'referral' ? tie : { ...tie, from: tie.to, to: tie.from }));
        const selves = ties.map((tie) => ({ ...tie, to: tie.from }));
        same(ranksOf([...turned, ...selves, ...ties].reverse()), ranksOf(ties));
      }),
    );
  });

  it('follows the customers when they are numbered otherwise', () => {
    fc.assert(
      fc.property(someTies, (ties) => {
        const other = (customer: number): number => (customer * 5 + 3) % customers;
        const moved = ranksOf(ties.map((tie) => ({ ...tie, from: other(tie.from), to: other(tie.to) })));
        same(
          moved.map((_, customer) => moved[other(customer)] ?? NaN),
          ranksOf(ties),
        );
      }),
    );
  });

  it('comes from those whom one has referred, and from theirs', () => {
    const chain = ranksOf([
      { kind: 'referral', from: 0, to: 1 },
      { kind: 'referral', from: 1, to: 2 },
    ]);
    // Everybody has b; 1 adds what 2 gives, and 0 what 1 gives.
    const b = chain[2] ?? NaN;
    expect(chain[1]).toBeCloseTo(b + 0.85 * b, 7);
    expect(chain[0]).toBeCloseTo(b + 0.85 * (b + 0.85 * b), 7);
    expect(chain[5]).toBeCloseTo(b, 12);
  });

  it('gives each neighbour their share by weight', () => {
    const neighbours = neighboursOf(
      customers,
      tiesOf([
        { kind: 'referral', from: 1, to: 0, weight: 3 },
        { kind: 'household', from: 1, to: 0 },
        { kind: 'contact', from: 2, to: 0, weight: 4 },
      ]),
      { referral: 2, household: 1, contact: 0.5 },
      false,
    );
    expect([...neighbours.others.subarray(0, neighbours.starts[1])]).toEqual([1, 2]);
    expect([...neighbours.weights.subarray(0, neighbours.starts[1])]).toEqual([7, 2]);
    expect([...neighbours.starts.subarray(0, 4)]).toEqual([0, 2, 3, 4]);
  });

  it('is 1 for everybody where nobody knows anybody', () => {
    expect([...ranksOf([])]).toEqual(Array.from({ length: customers }, () => 1));
  });

  it('can be said in numbers of people', () => {
    const counts = countTies(
      customers,
      tiesOf([
        { kind: 'referral', from: 0, to: 1 },
        { kind: 'referral', from: 0, to: 1 },
        { kind: 'referral', from: 0, to: 2 },
        { kind: 'household', from: 3, to: 0 },
      ]),
    );
    expect([counts.referral[0], counts.referral[1], counts.household[0], counts.household[3], counts.contact[0]]).toEqual([2, 0, 1, 1, 0]);
  });

  it.each([
    [{ kind: 'contact', from: 0, to: 99 }, /between 0 and 99, and there are 12 customers/],
    [{ kind: 'contact', from: 0, to: 1, weight: -1 }, /weight of -1/],
    [{ kind: 'contact', from: 0, to: 1, weight: NaN }, /weight of NaN/],
  ] as const)('refuses %j', (tie, why) => {
    expect(() => ranksOf([tie])).toThrow(why);
  });
});

describe('exposure to those who left', () => {
  const neighbours = neighboursOf(
    customers,
    tiesOf([
      { kind: 'referral', from: 0, to: 1 },
      { kind: 'household', from: 0, to: 2 },
      { kind: 'contact', from: 0, to: 3, weight: 4 },
    ]),
    usualKindWeights,
    true,
  );
  const churned = (days: Readonly<Record<number, number>>): Float64Array =>
    Float64Array.from({ length: customers }, (_, customer) => days[customer] ?? NaN);
  const exposure = (days: Readonly<Record<number, number>>): Float64Array =>
    exposureToChurn(neighbours, churned(days), { withinDays: 90, halfLifeDays: 30 });

  it('is the share of the weights, halved with every half-life, and nothing beyond the window', () => {
    expect(exposure({ 3: 0 })[0]).toBeCloseTo(2 / 4, 12);
    expect(exposure({ 1: 30, 2: 0 })[0]).toBeCloseTo(1.5 / 4, 12);
    expect(exposure({ 3: 91 })[0]).toBe(0);
    expect(exposure({ 0: 60 })[1]).toBeCloseTo(0.25, 12);
  });

  it('is 0 for who knows nobody, or nobody who left', () => {
    expect(exposure({ 3: 0 })[7]).toBe(0);
    expect(exposure({ 7: 0 })[0]).toBe(0);
  });
});
