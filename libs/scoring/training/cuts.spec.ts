import fc from 'fast-check';
import { pastCuts, splitByTime, type CutPlan } from './cuts.js';

const dayMs = 86_400_000;
const now = new Date('2026-06-01T00:00:00Z');
const day = (ago: number): Date => new Date(now.getTime() - ago * dayMs);
const plan: CutPlan = { now, horizonMs: 30 * dayMs, everyMs: 30 * dayMs, most: 12, earliest: day(2_000), reachMs: 90 * dayMs };

describe('past cuts', () => {
  it('go back from the latest whose horizon has passed', () => {
    expect(pastCuts({ ...plan, most: 3 })).toEqual([day(30), day(60), day(90)]);
  });

  it('leave the first part of a history to be looked back at, but at most half of it', () => {
    expect(pastCuts({ ...plan, earliest: day(220) })).toEqual([day(30), day(60), day(90), day(120)]);
    expect(pastCuts({ ...plan, earliest: day(90) })).toEqual([day(30), day(60)]);
  });

  it('are none where nothing happened before the horizon', () => {
    expect(pastCuts({ ...plan, earliest: day(30) })).toEqual([]);
    expect(pastCuts({ ...plan, earliest: now })).toEqual([]);
  });

  it('never see beyond what has passed, and are not learnt from where their outcome was open at the one that is measured on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 900 }),
        (horizon, every, ago) => {
          const horizonMs = horizon * dayMs;
          const cuts = pastCuts({ ...plan, horizonMs, everyMs: every * dayMs, earliest: day(ago) });
          for (const cut of cuts) {
            expect(cut.getTime() + horizonMs).toBeLessThanOrEqual(now.getTime());
            expect(cut > day(ago)).toBe(true);
          }
          const uses = splitByTime(cuts, horizonMs);
          uses?.forEach((use, index) => {
            const measuredOn = cuts.filter((_, other) => uses[other] === 'validation').map((cut) => cut.getTime());
            if (use === 'training') expect((cuts[index]?.getTime() ?? 0) + horizonMs).toBeLessThanOrEqual(Math.min(...measuredOn));
          });
          expect(uses === undefined || uses[0] === 'validation').toBe(true);
        },
      ),
    );
  });

  it('are not split by time where none was over before the latest', () => {
    expect(splitByTime([day(30), day(40)], 30 * dayMs)).toBeUndefined();
    expect(splitByTime([day(30), day(40), day(60)], 30 * dayMs)).toEqual(['validation', 'neither', 'training']);
    expect(splitByTime([], 30 * dayMs)).toBeUndefined();
  });

  it('are measured on in their latest fifth', () => {
    const uses = splitByTime(
      Array.from({ length: 8 }, (_, month) => day(30 * (month + 1))),
      60 * dayMs,
    );
    expect(uses).toEqual(['validation', 'validation', 'neither', ...Array.from({ length: 5 }, () => 'training')]);
  });
});
