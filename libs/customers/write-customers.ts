import type { EntityManager } from '@mikro-orm/postgresql';
import { writeChanges, type CustomerChange } from '../outbox/write-events.js';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { newId } from '../platform/ids.js';
import type { Channel } from '../channels/table.js';
import type { ContactWindow } from '../channels/contact-window.js';
import { madeUpAnswers, type Customer } from './customer.entity.js';

type Attributes = Readonly<Record<string, string | number | boolean | null>>;

export interface NewCustomerRow {
  readonly externalId: string;
  readonly name: string | null;
  readonly locale: string;
  readonly timeZone: string | null;
  readonly plan: string | null;
  /** Minor units of `currency` per month. */
  readonly monthlyCharge: number | null;
  readonly currency: string | null;
  /** Whole months. */
  readonly tenure: number | null;
  readonly preferredChannel: Channel | null;
  readonly attributes: Attributes;
}

/** @returns the id of the new customer; undefined if the external id is taken */
export async function insertCustomer(tx: EntityManager, given: NewCustomerRow, now: Date): Promise<string | undefined> {
  const { externalId, name, locale, timeZone, plan, monthlyCharge, currency, tenure, attributes, preferredChannel } = given;
  const books = { externalId, name, locale, timeZone, plan, monthlyCharge, currency, tenure, attributes, preferredChannel };
  const created = await tables<typeof Customer>(tx)
    .insertInto('Customer')
    .values({ id: newId(), ...books, status: 'active', made: [], createdAt: now, updatedAt: now })
    .onConflict((taken) => taken.column('externalId').doNothing())
    .returning('id')
    .executeTakeFirst();
  return created?.id;
}

/** A customer's data from the company's own source; null keeps the stored value. */
export type GivenCustomer = { readonly externalId: string; readonly attributes: Attributes } & Readonly<
  Record<'name' | 'locale' | 'timeZone' | 'plan' | 'currency', string | null> & Record<'monthlyCharge' | 'tenure', number | null>
>;

/**
 * Imports customers, with two statements for any number: new ones are created, changed ones are updated and reported as changed, the others
 * are not touched.
 * @param locale of new customers without one
 */
export async function upsertCustomers(
  tx: EntityManager,
  customers: readonly GivenCustomer[],
  locale: string,
  now: Date,
): Promise<{ readonly created: number; readonly updated: number }> {
  const rows = JSON.stringify(
    customers.map(({ attributes, ...customer }) => ({
      ...customer,
      attributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null)),
    })),
  );
  const updated = await query<CustomerChange>(tx, update, [rows, now]);
  await writeChanges(tx, updated, now);
  const created = await query(tx, insert, [rows, now, locale]);
  return { created: created.length, updated: updated.length };
}

const given = `jsonb_to_recordset($1::jsonb) as given ("externalId" text, name text, locale text, "timeZone" text, plan text,
    "monthlyCharge" bigint,
    currency text, tenure int, attributes jsonb)`;

/**
 * What the file gives is no longer made up. Rows are locked in the order of their ids, so that two imports do not deadlock, and only as an
 * update locks them, so that a message to one of them can be planned in the meantime.
 */
const update = `
with wanted as (
  select customer.id,
    coalesce(given.name, customer.name) as name,
    coalesce(given.locale, customer.locale) as locale,
    coalesce(given."timeZone", customer.time_zone) as time_zone,
    coalesce(given.plan, customer.plan) as plan,
    coalesce(given."monthlyCharge", customer.monthly_charge) as monthly_charge,
    coalesce(given.currency, customer.currency) as currency,
    coalesce(given.tenure, customer.tenure) as tenure,
    customer.attributes || given.attributes as attributes,
    array(
      select field from unnest(customer.made) with ordinality as made (field, place)
      where not (field = 'name' and given.name is not null
        or field = 'locale' and given.locale is not null
        or field = 'time_zone' and given."timeZone" is not null)
      order by place
    ) as made,
    array_remove(array[
      case when given.locale is distinct from customer.locale and given.locale is not null then 'customer.locale' end,
      case when given."timeZone" is distinct from customer.time_zone and given."timeZone" is not null then 'customer.time_zone' end,
      case when given.plan is distinct from customer.plan and given.plan is not null then 'customer.plan' end,
      case when given."monthlyCharge" is distinct from customer.monthly_charge and given."monthlyCharge" is not null
        or given.currency is distinct from customer.currency and given.currency is not null then 'customer.monthly_charge' end,
      case when given.tenure is distinct from customer.tenure and given.tenure is not null then 'customer.tenure' end
    ], null) || array(
      select 'customer.' || name from jsonb_each(given.attributes) as attribute (name, value)
      where customer.attributes -> name is distinct from value
    ) as fields
  from ${given} join customer on customer.external_id = given."externalId"
  order by customer.id
  for no key update of customer
)
update customer
set name = wanted.name, locale = wanted.locale, time_zone = wanted.time_zone, plan = wanted.plan,
  monthly_charge = wanted.monthly_charge, currency = wanted.currency, tenure = wanted.tenure, attributes = wanted.attributes, made = wanted.made, updated_at = $2
from wanted
where customer.id = wanted.id
  and (customer.name, customer.locale, customer.time_zone, customer.plan, customer.monthly_charge, customer.currency, customer.tenure, customer.attributes, customer.made)
    is distinct from
    (wanted.name, wanted.locale, wanted.time_zone, wanted.plan, wanted.monthly_charge, wanted.currency, wanted.tenure, wanted.attributes, wanted.made)
returning customer.id as "customerId", wanted.fields`;

const insert = `
insert into customer (id, external_id, name, locale, time_zone, status, plan, monthly_charge, currency, tenure, attributes, made, created_at, updated_at)
select uuidv7(), given."externalId", given.name, coalesce(given.locale, $3), given."timeZone", 'active', given.plan, given."monthlyCharge", given.currency,
  given.tenure, given.attributes, '{}', $2, $2
from ${given}
order by given."externalId"
on conflict (external_id) do nothing
returning id`;

/** Generated data of a customer; null if it was not generated. `made` names the fields. */
export interface MadeUp {
  readonly id: string;
  readonly name: string | null;
  readonly locale: string | null;
  readonly zone: string | null;
  readonly preferred: string | null;
  readonly made: readonly string[];
}

/** Fills in generated data. Data from the company is kept. */
export async function fillIn(tx: EntityManager, customers: readonly MadeUp[], now: Date): Promise<void> {
  await query(tx, complete, [JSON.stringify(customers), now]);
}

const complete = `
update customer
set name = coalesce(customer.name, row.name), locale = coalesce(row.locale, customer.locale),
  time_zone = coalesce(customer.time_zone, row.zone), preferred_channel = coalesce(customer.preferred_channel, row.preferred),
  made = array(select distinct unnest(customer.made || row.made) order by 1), updated_at = $2
from jsonb_to_recordset($1::jsonb) as row (id uuid, name text, locale text, zone text, preferred text, made text[])
where customer.id = row.id`;

/** Records that a program answers in the place of all customers: the results of their campaigns prove nothing about real people. */
export async function markMadeUpAnswers(em: EntityManager): Promise<void> {
  await query(em, 'update customer set made = array_append(made, $1) where not $1 = any(made)', [madeUpAnswers]);
}

/** Records what was made up about some customers; the data that was there is left alone. */
export async function markMade(tx: EntityManager, customerIds: readonly string[], what: string): Promise<void> {
  await query(tx, 'update customer set made = array_append(made, $2) where id = any($1::uuid[]) and not $2 = any(made)', [
    customerIds,
    what,
  ]);
}

/** How a customer wants to be contacted. */
export interface ContactChoices {
  readonly preferredChannel: string | null;
  readonly locale: string;
  readonly timeZone: string | null;
  readonly preferredHours: readonly ContactWindow[] | null;
}

export async function saveContactChoices(tx: EntityManager, customerId: string, choices: ContactChoices, now: Date): Promise<void> {
  const { preferredChannel, locale, timeZone, preferredHours } = choices;
  const hours = preferredHours === null ? null : [...preferredHours];
  await tables<typeof Customer>(tx)
    .updateTable('Customer')
    .set({ preferredChannel, locale, timeZone, preferredHours: hours, updatedAt: now })
    .where('id', '=', customerId)
    .execute();
}
