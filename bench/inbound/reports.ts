import { loadBounces, takenFor } from '../../test/corpus/bounces/corpus.js';
import type { BenchReport } from '../report.js';

/** How much of the corpus of bounces is read, and how many addresses are rightly or wrongly marked as dead, as ratios. */
export async function rows(report: BenchReport): Promise<void> {
  const judged = await Promise.all(loadBounces().map(async (bounce) => ({ wanted: bounce.wanted, got: await takenFor(bounce) })));
  const of = (wanted: string): typeof judged => judged.filter((one) => one.wanted === wanted);
  const ratio = (some: typeof judged, got: (one: (typeof judged)[number]) => boolean): number => some.filter(got).length / some.length;
  report.row(
    'bounces_read',
    ratio(judged, ({ got }) => got !== 'unread'),
    'ratio',
  );
  report.row(
    'hard_dead',
    ratio(of('dead'), ({ got }) => got === 'dead'),
    'ratio',
  );
  report.row(
    'soft_dead',
    ratio([...of('soft'), ...of('delay')], ({ got }) => got === 'dead'),
    'ratio',
  );
}
