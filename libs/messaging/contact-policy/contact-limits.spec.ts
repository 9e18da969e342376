import fc from 'fast-check';
import { earliestFit, type ContactLimits } from './contact-limits.js';

const limitsOf = fc.record({
  caps: fc.array(fc.record({ messages: fc.integer({ min: 1, max: 3 }), windowMs: fc.integer({ min: 1, max: 12 }) }), { maxLength: 2 }),
  gapMs: fc.integer({ min: 0, max: 5 }),
});
const takenOf = fc.array(fc.integer({ min: -15, max: 15 }), { maxLength: 6 });

/** Counts every span of a cap's length that contains the instant; spans begin just after `start`. */
function keeps(taken: readonly number[], { caps, gapMs }: ContactLimits, at: number): boolean {
  if (taken.some((each) => Math.abs(each - at) < gapMs)) return false;
  return caps.every(({ messages, windowMs }) => {
    for (let start = at - windowMs; start < at; start++) {
      if ([...taken, at].filter((each) => each > start && each <= start + windowMs).length > messages) return false;
    }
    return true;
  });
}

describe('contact limits', () => {
  it('are met by the earliest possible instant, for any sent and planned messages', () => {
    fc.assert(
      fc.property(takenOf, limitsOf, (taken, limits) => {
        const found = earliestFit(taken, limits, 0);
        expect(keeps(taken, limits, found)).toBe(true);
        for (let earlier = 0; earlier < found; earlier++) expect(keeps(taken, limits, earlier)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('count a span that begins just after a message without it', () => {
    const week = { caps: [{ messages: 1, windowMs: 7 }], gapMs: 0 };
    expect(earliestFit([0], week, 6)).toBe(7);
    expect(earliestFit([0], week, 7)).toBe(7);
  });
});
