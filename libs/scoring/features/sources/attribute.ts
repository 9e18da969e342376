import { z } from 'zod';
import { minorPerMajorSql } from '../../../platform/currencies.js';
import { categoryShape, flagShape, numberShape, saidOfAny } from '../feature.js';
import { featureSource } from '../feature-source.js';

const said = {
  ...saidOfAny,
  /** It never changes: what is stored now was so at any past instant. */
  fixed: z.boolean().optional(),
};

const declared = z.discriminatedUnion('type', [
  z.strictObject({ ...numberShape, type: z.literal('number'), ...said }),
  z.strictObject({ ...categoryShape, ...said }),
  z.strictObject({ ...flagShape, ...said }),
]);

type Type = z.infer<typeof declared>['type'];

/** Columns that every customer has, under the names that rules use; the charge in major units. */
const columns: Readonly<Record<string, { readonly type: Type; readonly sql: string }>> = {
  plan: { type: 'category', sql: 'c.plan' },
  monthly_charge: { type: 'number', sql: `(c.monthly_charge::double precision / ${minorPerMajorSql('c.currency')})` },
  currency: { type: 'category', sql: 'c.currency' },
  tenure: { type: 'number', sql: 'c.tenure::double precision' },
};

/** What is stored of a customer: an attribute, or a column. A value of another type than the declared one is not known. */
export const attribute = featureSource({
  schema: declared,
  history: false,
  sql: ({ type }, name, writer) => {
    const field = `customer.${name}`;
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
    if (column !== undefined) return { from: 'customer', field, value: column.type === type ? column.sql : 'null' };
    return { from: 'customer', field, value: `c.attributes -> ${writer.param(name, 'text')}` };
  },
  words: (_, name) => name.replaceAll('_', ' '),
});
