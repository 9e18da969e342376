import type { MikroORM } from '@mikro-orm/postgresql';
import { query } from '../../libs/persistence/sql.js';
import { featureStatement } from '../../libs/scoring/features/feature-statement.js';
import { scoredNow } from '../../libs/scoring/features/population.js';
import { declaration } from './model.js';

/** A table of the shape of `score`, with its indexes and its reference to the customer. */
const shape = [
  'drop table if exists floor_score',
  'create table floor_score (like score including all)',
  'alter table floor_score add foreign key (customer_id) references customer (id) on delete cascade',
];

/** As long as what the product writes. */
const reasons = JSON.stringify(
  ['failed_payments_90', 'contract', 'days_since_usage', 'usage_trend'].map((feature) => ({ feature, value: 12, contribution: 0.1234 })),
);

/**
 * The least that it can take: the same features are read in one statement, and as many scores written in another.
 * @returns seconds for either
 */
export async function floor(orm: MikroORM, count: number, now: Date): Promise<{ readonly read: number; readonly write: number }> {
  const whom = { after: null, upTo: null, most: count };
  const features = Object.entries(declaration.features);
  const { sql, params } = featureStatement({ features, at: now, population: scoredNow(undefined), whom, nextChange: false });
  const began = performance.now();
  await query(orm.em.fork(), sql, params);
  const read = performance.now();
  for (const statement of shape) await query(orm.em.fork(), statement);
  const prepared = performance.now();
  await query(
    orm.em.fork(),
    `insert into floor_score (customer_id, kind, value, previous, model_id, reasons, scored_at, next_change_at)
     select id, 'churn', random(), null, uuidv7(), $1::jsonb, $2, $2 from customer order by id`,
    [reasons, now],
  );
  const written = performance.now();
  await query(orm.em.fork(), 'drop table floor_score');
  return { read: (read - began) / 1000, write: (written - prepared) / 1000 };
}
