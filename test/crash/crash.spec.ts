import { resource } from '../harness/resource.js';
import { errorsOf, tablesOf } from './report.js';
import { crash } from './run.js';
import { boundaries, crashChannels } from './schedule.js';

describe('a dispatcher that is killed', () => {
  it('at every boundary of the ledger and at random moments: nothing is lost, nothing is sent twice, and every unknown message is settled or listed', async () => {
    const lines: string[] = [];
    const result = await crash({
      programs: await resource('server'),
      seed: 'short',
      kills: 20,
      messages: 1_600,
      log: (line) => lines.push(line),
    });
    expect({ errors: errorsOf(result), books: tablesOf(result) }).toEqual({ errors: [], books: expect.any(String) as string });
    expect(result.kills).toHaveLength(20);
    expect(new Set(result.kills.map(({ at }) => at)).size).toBeGreaterThan(boundaries.length);
    expect([...result.books.channels.keys()].sort()).toEqual([...crashChannels]);
  }, 300_000);
});
