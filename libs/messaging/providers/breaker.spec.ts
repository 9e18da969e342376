import fc from 'fast-check';
import {
  admitted,
  afterResults,
  closedBreaker,
  count,
  emptyTally,
  isFailing,
  openForMs,
  signOf,
  type Breaker,
  type Sign,
} from './breaker.js';
import { errorClasses, errorClassNames } from '../../channels/contract/provider-errors.js';

const limits = { failuresInARow: 4, share: 0.5, of: 12, waitMs: 1_000, longestWaitMs: 60_000, probes: 2, probeEveryMs: 500 };
const sign = fc.constantFrom<Sign[]>('works', 'down', 'refuses', 'busy', null);
const signs = fc.array(sign, { maxLength: 30 });

describe('what a result says about the provider', () => {
  it.each(['opt-out', 'dead-address', 'refused', 'transient', 'template'] as const)('nothing, if it is %s', (errorClass) => {
    expect(signOf({ kind: 'rejected', errorClass, errorCode: '1' })).toBeNull();
  });

  it('never gives up a message for a certain error of the provider, unless the content may be the cause', () => {
    const burnt = errorClassNames.filter((name) => errorClasses[name].provider !== undefined && errorClasses[name].outcome === 'rejected');
    expect(burnt).toEqual(['alert']);
  });
});

describe('the tally', () => {
  it('is the same for any grouping of results', () => {
    fc.assert(
      fc.property(signs, signs, (first, second) => {
        expect(count(count(emptyTally, first, limits), second, limits)).toEqual(count(emptyTally, [...first, ...second], limits));
      }),
    );
  });

  it('fails on a run of failures, and never without a failure', () => {
    fc.assert(
      fc.property(signs, fc.constantFrom<Sign[]>('down', 'refuses'), (before, failure) => {
        const run = [...before, ...Array.from({ length: limits.failuresInARow }, () => failure)];
        expect(isFailing(count(emptyTally, run, limits), limits)).toBe(true);
        const none = before.filter((each) => each !== 'down' && each !== 'refuses');
        expect(isFailing(count(emptyTally, none, limits), limits)).toBe(false);
      }),
    );
  });

  it('fails on a share of many, though one in two works', () => {
    const mixed = Array.from({ length: limits.of }, (_, index): Sign => (index % 2 === 0 ? 'works' : 'down'));
    expect(isFailing(count(emptyTally, mixed.slice(1), limits), limits)).toBe(false);
    expect(isFailing(count(emptyTally, mixed, limits), limits)).toBe(true);
  });
});

describe('the breaker', () => {
  it('stays open longer each time, up to a limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), (trips) => {
        const wait = openForMs(trips, limits);
        expect(wait).toBeGreaterThanOrEqual(limits.waitMs);
        expect(wait).toBeLessThanOrEqual(limits.longestWaitMs);
        expect(openForMs(trips + 1, limits)).toBeGreaterThanOrEqual(wait);
      }),
    );
  });

  it('opens again if one of the probes failed, even if another was accepted', () => {
    const probing: Breaker = { state: 'probing', openUntil: 500, trips: 1 };
    expect(afterResults(probing, ['works', 'down'], false, limits, 0)).toEqual({ state: 'open', openUntil: 2_000, trips: 2 });
    expect(afterResults(probing, ['busy', null], false, limits, 0)).toBe(probing);
  });

  it('lets nothing through while open, a few while probing, and everything while closed; and always recovers', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('results' as const), signs: fc.array(sign, { maxLength: 8 }) }),
      fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 0, max: 70_000 }) }),
      fc.record({ kind: fc.constant('ask' as const), allowed: fc.integer({ min: 0, max: 50 }) }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let breaker: Breaker = closedBreaker;
        let now = 0;
        for (const each of events) {
          if (each.kind === 'time') now += each.ms;
          if (each.kind === 'results') {
            const failing = isFailing(count(emptyTally, each.signs, limits), limits);
            const after = afterResults(breaker, each.signs, failing, limits, now);
            if (breaker.state === 'open') expect(after).toBe(breaker);
            if (after.state === 'open' && breaker.state !== 'open') {
              expect(after.trips).toBe(breaker.trips + 1);
              expect(each.signs.some((one) => one === 'down' || one === 'refuses')).toBe(true);
            }
            breaker = after;
          }
          if (each.kind === 'ask') {
            const before = breaker;
            const answer = admitted(before, each.allowed, limits, now);
            const waiting = before.openUntil !== null && now < before.openUntil;
            expect(answer.count).toBe(before.state === 'closed' ? each.allowed : waiting ? 0 : Math.min(each.allowed, limits.probes));
            breaker = answer.breaker;
          }
        }
        // In every case: after the longest wait a message is tried, and one that is accepted closes the breaker.
        const probe = admitted(breaker, 10, limits, now + limits.longestWaitMs);
        expect(probe.count).toBeGreaterThan(0);
        expect(afterResults(probe.breaker, ['works'], false, limits, now)).toEqual(closedBreaker);
      }),
    );
  });
});
