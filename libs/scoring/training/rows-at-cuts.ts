import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../../persistence/sql.js';
import { Problem } from '../../platform/problem.js';
import type { Progress } from '../../platform/progress.js';
import type { ScoreDeclaration } from '../declaration.js';
import type { FeatureList } from '../features/feature.js';
import { longestDaysMs } from '../features/ages.js';
import { knownAt } from '../features/population.js';
import { readFeatures, type FeaturePage } from '../features/read-features.js';
import { sourceOf } from '../features/sources/table.js';
import { SqlWriter } from '../features/sql-writer.js';
import type { EventTarget } from '../target.js';
import { pastCuts, splitByTime } from './cuts.js';
import { outcomeAfter } from './outcome.js';
import { rowsWhere, type LabelledRows, type RowParts } from './labelled-rows.js';
import { isInValidationSet } from './validation-set.js';

/** Of more rows than this, a sample of the customers is enough to learn from. */
const mostRows = 250_000;
const pageSize = 5_000;

/**
 * Customers as they were at past instants, with what happened within the horizon after each. The latest cuts are measured on, and those are learnt from
 * whose horizon had passed by then; where there is one cut only, one customer in five is measured on.
 */
export async function readAtCuts(
  em: EntityManager,
  declared: ScoreDeclaration & { readonly target: EventTarget },
  features: FeatureList,
  now: Date,
  onProgress?: Progress,
): Promise<RowParts> {
  const { target, score } = declared;
  const cuts = await cutsOf(em, declared, features, now);
  const byTime = splitByTime(cuts, target.within);
  const uses = byTime ?? cuts.map(() => undefined);
  const ids = await sampledIds(em, mostRows / Math.max(1, uses.filter((use) => use !== 'neither').length));
  const population = knownAt(declared.population);
  const training: LabelledRows[] = [];
  const validation: LabelledRows[] = [];
  let read = 0;
  for (const [index, cut] of cuts.entries()) {
    const use = uses[index];
    if (use === 'neither') continue;
    for (let start = 0; start < ids.length; start += pageSize) {
      const page = await readFeatures(em, {
        features,
        at: cut,
        whom: { ids: ids.slice(start, start + pageSize) },
        population,
        also: (writer) => ({
          label: outcomeAfter(target, writer),
          externalId: { from: 'customer', value: 'c.external_id' },
        }),
        nextChange: false,
      });
      const labels = Float64Array.from(page.also['label'] ?? [], Number);
      const validates = (row: number): boolean =>
        use === undefined ? isInValidationSet(score, String(page.also['externalId']?.[row])) : use === 'validation';
      addTo(training, page, labels, (row) => !validates(row));
      addTo(validation, page, labels, validates);
      read += Math.min(pageSize, ids.length - start);
      onProgress?.(read, ids.length * uses.filter((each) => each !== 'neither').length);
    }
  }
  return { training, validation, cuts, validatedLater: byTime !== undefined };
}

function addTo(parts: LabelledRows[], page: FeaturePage, labels: Float64Array, wanted: (row: number) => boolean): void {
  const rows = rowsWhere(page, labels, wanted);
  if (rows.rows > 0) parts.push(rows);
}

/** @throws Problem('conflict') where nothing was recorded long enough ago */
async function cutsOf(
  em: EntityManager,
  { target, cuts, score }: ScoreDeclaration & { readonly target: EventTarget },
  features: FeatureList,
  now: Date,
): Promise<Date[]> {
  const row = await queryOne<{ earliest: Date | null }>(em, 'select min(at) as earliest from customer_event where at <= $1', [now]);
  const earliest = row?.earliest ?? now;
  const plan = { now, horizonMs: target.within, everyMs: cuts.every, most: cuts.most, earliest, reachMs: longestReach(features, now) };
  const found = pastCuts(plan);
  if (found.length > 0) return found;
  const what = row?.earliest == null ? 'no event has been recorded' : `the first event is of ${earliest.toISOString().slice(0, 10)}`;
  throw new Problem(
    'conflict',
    `There is too little history to train ${score}`,
    [{ where: 'target', what: `${what}, and what follows is to be seen within ${Math.ceil(target.within / 86_400_000)} days` }],
    'Import the events of the past with the times at which they happened, or give the target a shorter horizon.',
  );
}

/** How far back a feature looks at most; of one that looks at all history, two years. */
function longestReach(features: FeatureList, now: Date): number {
  const writer = new SqlWriter(now);
  const reaches = features
    .map(([name, declared]) => sourceOf(declared).sql(declared, name, writer))
    .filter(({ from }) => from !== 'customer')
    .map(({ reachMs }) => reachMs ?? longestDaysMs);
  return Math.max(0, ...reaches);
}

/** So many customers at most, by a hash of their external id: the same ones at each cut. */
async function sampledIds(em: EntityManager, most: number): Promise<string[]> {
  const row = await queryOne<{ count: number }>(em, 'select count(*) as count from customer where erased_at is null', []);
  const share = Math.min(1, most / Math.max(1, row?.count ?? 0));
  const rows = await query<{ id: string }>(
    em,
    `select id from customer where erased_at is null and (hashtextextended(external_id, 0) & 4294967295) < $1 order by id`,
    [Math.ceil(share * 2 ** 32)],
  );
  return rows.map(({ id }) => id);
}
