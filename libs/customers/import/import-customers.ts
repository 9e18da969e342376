import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../persistence/sql.js';
import type { Progress } from '../../platform/progress.js';
import type { ImportedCustomer } from './imported-customer.js';
import { loadMapping, type ImportMapping } from './mapping.js';
import { readCustomers, type ImportSource } from './read-customers.js';

export interface ImportReport {
  /** Rows in the file, the header not counted. */
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Rows that were passed over; lines count from 1, the header is one. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
}

const batchSize = 1000;

/**
 * Brings the customers of a CSV file in. Customers are found again by their external id: one that is new is created, one that
 * differs is updated, the others are not touched, so the same file twice changes nothing. An empty cell and a column that the
 * file lacks leave what is known. Rows that cannot be read are reported and passed over. Each batch of 1,000 is one transaction.
 * @param mapping which column becomes what, or the path of the file that says so
 * @param limit rows to read at most; all where it is undefined
 * @throws Problem('invalid') before anything is written, where the header does not fit; Problem('not-found') without a file
 */
export async function importCustomers(
  em: EntityManager,
  {
    mapping: given,
    limit = Infinity,
    now,
    onProgress,
    ...source
  }: ImportSource & { mapping: ImportMapping | string; limit?: number; now: Date; onProgress?: Progress },
): Promise<ImportReport> {
  const mapping = typeof given === 'string' ? await loadMapping(given) : given;
  const rejected: { line: number; reason: string }[] = [];
  let read = 0;
  let created = 0;
  let updated = 0;
  let batch: ImportedCustomer[] = [];
  const write = async (): Promise<void> => {
    const written = await writeBatch(em, mapping, batch, now);
    created += written.created;
    updated += written.updated;
    batch = [];
    onProgress?.(read);
  };
  for await (const row of readCustomers(source, mapping)) {
    read++;
    if ('reason' in row) rejected.push(row);
    else batch.push(row.customer);
    if (batch.length === batchSize) await write();
    if (read >= limit) break;
  }
  if (batch.length > 0) await write();
  return { read, created, updated, unchanged: read - rejected.length - created - updated, rejected };
}

async function writeBatch(
  em: EntityManager,
  mapping: ImportMapping,
  batch: readonly ImportedCustomer[],
  now: Date,
): Promise<{ created: number; updated: number }> {
  const given = JSON.stringify(
    batch.map(({ attributes, ...customer }) => ({
      ...customer,
      attributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null)),
    })),
  );
  return em.transactional(async (tx) => {
    const updated = await query(tx, update, [given, now]);
    const created = await query(tx, insert, [given, now, mapping.locale, mapping.currency]);
    return { created: created.length, updated: updated.length };
  });
}

const given = `jsonb_to_recordset($1::jsonb) as given ("externalId" text, name text, locale text, "timeZone" text, plan text,
    "monthlyCharge" int, tenure int, attributes jsonb)`;

/** What the file gives is no longer made up. Rows are locked in the order of their ids, so that two imports do not deadlock. */
const update = `
with wanted as (
  select customer.id,
    coalesce(given.name, customer.name) as name,
    coalesce(given.locale, customer.locale) as locale,
    coalesce(given."timeZone", customer.time_zone) as time_zone,
    coalesce(given.plan, customer.plan) as plan,
    given."monthlyCharge" as monthly_charge,
    given.tenure,
    customer.attributes || given.attributes as attributes,
    array(
      select field from unnest(customer.made) with ordinality as made (field, place)
      where not (field = 'name' and given.name is not null
        or field = 'locale' and given.locale is not null
        or field = 'time_zone' and given."timeZone" is not null)
      order by place
    ) as made
  from ${given} join customer on customer.external_id = given."externalId"
  order by customer.id
  for update of customer
)
update customer
set name = wanted.name, locale = wanted.locale, time_zone = wanted.time_zone, plan = wanted.plan,
  monthly_charge = wanted.monthly_charge, tenure = wanted.tenure, attributes = wanted.attributes, made = wanted.made, updated_at = $2
from wanted
where customer.id = wanted.id
  and (customer.name, customer.locale, customer.time_zone, customer.plan, customer.monthly_charge, customer.tenure, customer.attributes, customer.made)
    is distinct from
    (wanted.name, wanted.locale, wanted.time_zone, wanted.plan, wanted.monthly_charge, wanted.tenure, wanted.attributes, wanted.made)
returning customer.id`;

const insert = `
insert into customer (id, external_id, name, locale, time_zone, status, plan, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
select uuidv7(), given."externalId", given.name, coalesce(given.locale, $3), given."timeZone", 'active', given.plan, given."monthlyCharge", $4,
  given.tenure, given.attributes, '{}', $2, $2
from ${given}
order by given."externalId"
on conflict (external_id) do nothing
returning id`;
