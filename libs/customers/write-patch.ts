import type { EntityManager } from '@mikro-orm/postgresql';
import { writeChanges } from '../outbox/write-events.js';
import { tables } from '../persistence/tables.js';
import { mostAttributes } from '../platform/bounds.js';
import { Problem } from '../platform/problem.js';
import type { Customer } from './customer.entity.js';

type Value = string | number | boolean | null;

/** Changes to a customer: a missing field does not change, null empties it. */
export interface CustomerPatch {
  readonly name?: string | null | undefined;
  readonly locale?: string | undefined;
  readonly timeZone?: string | null | undefined;
  readonly plan?: string | null | undefined;
  /** Minor units of `currency` per month. */
  readonly monthlyCharge?: number | null | undefined;
  readonly currency?: string | null | undefined;
  /** Whole months. */
  readonly tenure?: number | null | undefined;
  /** By name; missing attributes do not change. */
  readonly attributes?: Readonly<Record<string, Value>> | undefined;
}

/** The columns, and their names in rules; null for columns that rules cannot use. */
const columns = {
  name: null,
  locale: 'customer.locale',
  timeZone: 'customer.time_zone',
  plan: 'customer.plan',
  monthlyCharge: 'customer.monthly_charge',
  currency: 'customer.monthly_charge',
  tenure: 'customer.tenure',
} as const;
type Column = keyof typeof columns;

/** The columns that a generator may have filled, by their names in `made`: a given value is no longer generated. */
const madeUp: ReadonlyMap<Column, string> = new Map([
  ['name', 'name'],
  ['locale', 'locale'],
  ['timeZone', 'time_zone'],
]);

/**
 * Changes what differs, and writes that it changed; the same patch again changes nothing. The caller holds the lock on the customer's row.
 * @returns the columns that differed
 * @throws Problem invalid if a charge would have no currency, or if there would be too many attributes
 */
export async function writePatch(tx: EntityManager, before: Customer, patch: CustomerPatch, now: Date): Promise<ReadonlySet<Column>> {
  const changed = (Object.keys(columns) as Column[]).filter((name) => patch[name] !== undefined && patch[name] !== before[name]);
  const values = Object.fromEntries(changed.map((name) => [name, patch[name]])) as Partial<Pick<Customer, Column>>;
  const attributes = Object.entries(patch.attributes ?? {}).filter(([name, value]) => value !== (before.attributes[name] ?? null));
  const { monthlyCharge, currency } = { ...before, ...values };
  if (monthlyCharge !== null && currency === null)
    throw new Problem('invalid', 'The request is not valid', [{ where: 'currency', what: 'is needed with a monthlyCharge' }]);
  const given = (Object.keys(columns) as Column[]).filter((name) => patch[name] !== undefined).map((name) => madeUp.get(name));
  const made = before.made.filter((each) => !given.includes(each));
  if (changed.length === 0 && attributes.length === 0 && made.length === before.made.length) return new Set();
  const all = Object.entries({ ...before.attributes, ...Object.fromEntries(attributes) }).filter(([, value]) => value !== null);
  // A customer who already has more keeps them, and gets no further ones.
  if (all.length > Math.max(mostAttributes, Object.keys(before.attributes).length))
    throw new Problem(
      'invalid',
      'The request is not valid',
      [{ where: 'attributes', what: `would be ${String(all.length)} with those that stay, and ${String(mostAttributes)} is the most` }],
      'Remove others with null.',
    );
  await tables<typeof Customer>(tx)
    .updateTable('Customer')
    .set({ ...values, attributes: Object.fromEntries(all), made, updatedAt: now })
    .where('id', '=', before.id)
    .execute();
  const fields = [...changed.flatMap((name) => columns[name] ?? []), ...attributes.map(([name]) => `customer.${name}`)];
  await writeChanges(tx, [{ customerId: before.id, fields: [...new Set(fields)] }], now);
  return new Set(changed);
}
