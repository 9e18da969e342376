import fc from 'fast-check';
import { createRandom, type Random } from '../../platform/random.js';
import { bgNbdAlive, bgNbdExpected, bgNbdExpectedOf, bgNbdLogLikelihood, fitBgNbd } from './bg-nbd.js';
import {
  fitParetoNbd,
  paretoNbdAlive,
  paretoNbdAliveOf,
  paretoNbdExpected,
  paretoNbdExpectedOf,
  paretoNbdLogLikelihood,
} from './pareto-nbd.js';
import type { PurchaseHistories } from './purchase-histories.js';

const histories = (...all: readonly (readonly [frequency: number, recency: number, age: number])[]): PurchaseHistories => ({
  frequency: Float64Array.from(all, ([frequency]) => frequency),
  recency: Float64Array.from(all, ([, recency]) => recency),
  age: Float64Array.from(all, ([, , age]) => age),
});
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** The published parameters of the CDNOW customers (weeks). */
const pareto = { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 };
const bg = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

/** Made customers: their histories at an age of 52, and how often each bought in the 26 after that. */
function made(count: number, timesOf: () => Generator<number>): { seen: PurchaseHistories; bought: number } {
  let bought = 0;
  const seen = Array.from({ length: count }, (): [number, number, number] => {
    let frequency = 0;
    let recency = 0;
    for (const time of timesOf()) {
      if (time > 78) break;
      if (time > 52) bought++;
      else [frequency, recency] = [frequency + 1, time];
    }
    return [frequency, recency, 52];
  });
  return { seen: histories(...seen), bought };
}

const exponential = (random: Random, rate: number): number => -Math.log(1 - random.next()) / rate;
/** A gamma of shape 2 is the sum of two exponential times. */
const gamma = (random: Random, rate: number): number => exponential(random, rate) + exponential(random, rate);

/** Purchases until the customer becomes inactive, as Pareto/NBD has it with r = s = 2, alpha = 20, beta = 60. */
function* paretoTimes(random: Random): Generator<number> {
  const rate = gamma(random, 20);
  const end = exponential(random, gamma(random, 60));
  for (let time = exponential(random, rate); time < end; time += exponential(random, rate)) yield time;
}

/** The same as BG/NBD has it with r = 2, alpha = 20, a = 1, b = 3. */
function* bgTimes(random: Random): Generator<number> {
  const rate = gamma(random, 20);
  const dropout = 1 - random.next() ** (1 / 3);
  let time = exponential(random, rate);
  yield time;
  while (!random.chance(dropout)) yield (time += exponential(random, rate));
}

describe('Pareto/NBD', () => {
  it('finds the parameters of made customers again, and predicts what they buy', () => {
    const random = createRandom('pareto');
    const { seen, bought } = made(3000, () => paretoTimes(random));
    const { parameters, converged, logLikelihood } = fitParetoNbd(seen);
    expect(converged).toBe(true);
    expect(logLikelihood).toBeGreaterThanOrEqual(paretoNbdLogLikelihood({ r: 2, alpha: 20, s: 2, beta: 60 }, seen));
    expect(parameters.r / parameters.alpha).toBeCloseTo(2 / 20, 2);
    expect(Math.abs(parameters.r / 2 - 1)).toBeLessThan(0.2);
    expect(Math.abs(sum(paretoNbdExpected(parameters, seen, 26)) / bought - 1)).toBeLessThan(0.05);
  });

  it('has the likelihood that adding up over all rates gives, for who bought once', () => {
    // x = 0: the likelihood is the mean over both gammas of mu/(lambda + mu) + lambda/(lambda + mu) e^-(lambda + mu) T.
    const one = paretoNbdLogLikelihood({ r: 1, alpha: 8, s: 1, beta: 8 }, histories([0, 0, 8]));
    let mean = 0;
    const steps = 400;
    for (let i = 0; i < steps; i++) {
      for (let j = 0; j < steps; j++) {
        const lambda = -Math.log(1 - (i + 0.5) / steps) / 8;
        const mu = -Math.log(1 - (j + 0.5) / steps) / 8;
        mean += (mu + lambda * Math.exp(-(lambda + mu) * 8)) / (lambda + mu) / steps ** 2;
      }
    }
    expect(one).toBeCloseTo(Math.log(mean), 3);
  });

  it('is the same on both sides of where alpha meets beta', () => {
    const seen = histories([3, 20, 30], [0, 0, 30], [12, 30, 30]);
    const at = (beta: number): number => paretoNbdLogLikelihood({ ...pareto, alpha: 11, beta }, seen);
    expect(at(11 + 1e-7)).toBeCloseTo(at(11 - 1e-7), 6);
    expect(at(11)).toBeCloseTo(at(11 - 1e-7), 6);
  });

  it('trusts nobody for having bought once: the likelihood to be active falls with time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.double({ min: 0.1, max: 50, noNaN: true }), (frequency, recency) => {
        const of = (age: number): number =>
          paretoNbdAliveOf(pareto, { frequency, recency: frequency === 0 ? 0 : recency, age: recency + age });
        const likelihoods = [1, 10, 40, 160].map(of);
        likelihoods.forEach((each, index) => {
          expect(each).toBeGreaterThanOrEqual(0);
          expect(each).toBeLessThan(likelihoods[index - 1] ?? 1);
        });
      }),
    );
  });

  it('copes with hundreds of purchases, and with an s of 1', () => {
    const often = { frequency: 600, recency: 77.9, age: 78 };
    expect(paretoNbdExpectedOf(pareto, often, 39)).toBeGreaterThan(200);
    expect(paretoNbdLogLikelihood(pareto, histories([600, 77.9, 78]))).toBeLessThan(Infinity);
    const near = (s: number): number => paretoNbdExpectedOf({ ...pareto, s }, { frequency: 3, recency: 20, age: 30 }, 39);
    expect(near(1)).toBeCloseTo(near(1 + 1e-9), 6);
  });
});

describe('BG/NBD', () => {
  it('finds the parameters of made customers again, and predicts what they buy', () => {
    const random = createRandom('bg');
    const { seen, bought } = made(3000, () => bgTimes(random));
    const { parameters, converged, logLikelihood } = fitBgNbd(seen);
    expect(converged).toBe(true);
    expect(logLikelihood).toBeGreaterThanOrEqual(bgNbdLogLikelihood({ r: 2, alpha: 20, a: 1, b: 3 }, seen));
    expect(Math.abs(parameters.r / 2 - 1)).toBeLessThan(0.2);
    expect(Math.abs(parameters.a / (parameters.a + parameters.b) - 0.25)).toBeLessThan(0.03);
    expect(Math.abs(sum(bgNbdExpected(parameters, seen, 26)) / bought - 1)).toBeLessThan(0.05);
  });

  it('takes everybody who bought once for active, which is why it is no churn score', () => {
    const seen = histories([0, 0, 1], [0, 0, 1000], [3, 5, 1000]);
    expect([...bgNbdAlive(bg, seen).subarray(0, 2)]).toEqual([1, 1]);
    expect(bgNbdAlive(bg, seen)[2]).toBeLessThan(0.01);
    expect(paretoNbdAlive(pareto, seen)[1]).toBeLessThan(0.15);
  });

  it('expects more the longer one waits, and never more than the rate would give', () => {
    const customer = fc.record({
      frequency: fc.integer({ min: 1, max: 300 }),
      recency: fc.double({ min: 0.1, max: 50, noNaN: true }),
      since: fc.double({ min: 0, max: 50, noNaN: true }),
      a: fc.double({ min: 0.1, max: 3, noNaN: true }),
    });
    fc.assert(
      fc.property(customer, ({ frequency, recency, since, a }) => {
        const age = recency + since;
        const of = (time: number): number => bgNbdExpectedOf({ ...bg, a }, { frequency, recency, age }, time);
        expect(of(10)).toBeGreaterThanOrEqual(of(5));
        expect(of(5)).toBeGreaterThanOrEqual(0);
        expect(of(10)).toBeLessThanOrEqual(((bg.r + frequency) / (bg.alpha + age)) * 10 * (1 + 1e-9));
      }),
    );
  });

  it('is smooth where a is 1', () => {
    const of = (a: number): number => bgNbdExpectedOf({ ...bg, a }, { frequency: 4, recency: 20, age: 30 }, 39);
    expect(of(1)).toBeCloseTo((of(1.001) + of(0.999)) / 2, 4);
  });
});

describe('histories that teach nothing or cannot be', () => {
  it.each([fitBgNbd, fitParetoNbd])('are refused with the reason (%p)', (fit) => {
    expect(() => fit(histories([0, 0, 10], [0, 0, 20]))).toThrow(/No customer has bought twice/);
    expect(() => fit(histories([2, 30, 20]))).toThrow(/History 0 cannot be/);
    expect(() => fit(histories([2, 0, 20]))).toThrow(/History 0 cannot be/);
  });
});
