import type { EntityManager } from '@mikro-orm/postgresql';
import type { Progress } from '../../platform/progress.js';
import type { ScoreDeclaration } from '../declaration.js';
import type { FeatureList } from '../features/feature.js';
import type { FeatureSql } from '../features/feature-source.js';
import { countCustomers, learntFromNow } from '../features/population.js';
import { readFeaturePages } from '../features/read-features.js';
import type { SqlWriter } from '../features/sql-writer.js';
import { horizonOf } from '../target.js';
import { outcomeOf } from './outcome.js';
import { rowsWhere, type LabelledRows, type RowParts } from './labelled-rows.js';
import { isInValidationSet } from './validation-set.js';

const pageSize = 5_000;

/** What is wanted of a customer beside their features. */
const beside = (target: string) => (writer: SqlWriter) =>
  ({
    externalId: ofCustomer('c.external_id'),
    said: ofCustomer(`c.attributes -> ${writer.param(target, 'text')}`),
    churned: ofCustomer(`c.status = 'churned'`),
    sinceMs: ofCustomer('(extract(epoch from c.created_at) * 1000)::bigint'),
  }) as const;

const ofCustomer = (value: string): FeatureSql => ({ from: 'customer', value });

/** Customers as they are now, of whom an attribute says what happened. One in five is measured on: always the same ones. */
export async function readNow(
  em: EntityManager,
  declared: ScoreDeclaration & { readonly target: string },
  features: FeatureList,
  now: Date,
  onProgress?: Progress,
): Promise<RowParts> {
  const population = learntFromNow(declared.population);
  const horizonMs = horizonOf(declared);
  const reading = { features, at: now, population, also: beside(declared.target), nextChange: false };
  const total = onProgress === undefined ? 0 : await countCustomers(em, population, now);
  const training: LabelledRows[] = [];
  const validation: LabelledRows[] = [];
  let read = 0;
  for await (const page of readFeaturePages(em, reading, { most: pageSize })) {
    const { externalId = [], said = [], churned = [], sinceMs = [] } = page.also;
    const labels = Float64Array.from({ length: page.rows }, (_, row) =>
      outcomeOf(declared.score, {
        said: said[row],
        churned: churned[row] === true,
        seenThrough: now.getTime() - Number(sinceMs[row]) > horizonMs,
      }),
    );
    const validates = externalId.map((id) => isInValidationSet(declared.score, String(id)));
    training.push(rowsWhere(page, labels, (row) => validates[row] !== true));
    validation.push(rowsWhere(page, labels, (row) => validates[row] === true));
    read += page.rows;
    onProgress?.(read, total);
  }
  return { training, validation, cuts: [now], validatedLater: false };
}
