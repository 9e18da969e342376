import { rows } from '../../bench/inbound/reports.js';
import { loadBounces, takenFor } from './bounces/corpus.js';

it('bounces of many systems are read, dead addresses are detected from others, and warnings decide nothing', async () => {
  const bounces = loadBounces();
  expect(bounces.length).toBeGreaterThanOrEqual(200);
  expect(new Set(bounces.map(({ name }) => name.split(' ')[0])).size).toBeGreaterThanOrEqual(30);
  const judged = await Promise.all(
    bounces.map(async (bounce) => ({ name: bounce.name, wanted: bounce.wanted, got: await takenFor(bounce) })),
  );
  expect(judged.filter(({ wanted, got }) => wanted !== got)).toEqual([]);
});

it('the floors of the bench hold', async () => {
  const figures = new Map<string, number>();
  await rows({ row: (name, value) => void figures.set(name, value) });
  expect(figures.get('bounces_read')).toBeGreaterThanOrEqual(0.9);
  expect(figures.get('hard_dead')).toBeGreaterThanOrEqual(0.85);
  expect(figures.get('soft_dead')).toBeLessThanOrEqual(0.05);
});
