import { z } from 'zod';
import { customerStatuses } from '../customers/customer.entity.js';
import { attributeName } from '../platform/bounds.js';
import { minorPerMajorSql } from '../platform/currencies.js';
import { readConfigFile } from '../platform/config-file.js';
import { scoreKinds } from '../scoring/kinds/table.js';

export type ValueType = 'string' | 'number' | 'boolean';

/** Something that a rule can use: `customer.contract`, `score.churn`. */
export interface Field {
  readonly of: 'customer' | 'score';
  readonly name: string;
  readonly type: ValueType;
  readonly description: string;
  /** All values of a string field, if they are known. */
  readonly values: readonly string[] | null;
  /** The lowest and the highest value of a number, if there is a bound. */
  readonly range?: readonly [least: number, most: number];
  /** The value over alias c (customer), null if it is missing. No part of it comes from a rule. */
  readonly sql: string;
}

/** The shape of attributes.yaml. */
export const declaredAttributes = z.strictObject({
  attributes: z.record(
    attributeName,
    z.strictObject({
      type: z.enum(['string', 'number', 'boolean']),
      description: z.string(),
      values: z.array(z.string()).nonempty().optional(),
    }),
  ),
});
type Attributes = z.infer<typeof declaredAttributes>['attributes'];

const castOf: Record<ValueType, string> = { string: '', number: '::double precision', boolean: '::boolean' };

const column = (name: string, type: ValueType, description: string, values: readonly string[] | null = null, sql = `c.${name}`): Field => ({
  of: 'customer',
  name,
  type,
  description,
  values,
  sql,
});

const columns: readonly Field[] = [
  column('external_id', 'string', "The company's own number for the customer"),
  column('status', 'string', 'active, renewed or churned', customerStatuses),
  column(
    'notice',
    'boolean',
    'They have given notice: their contract ends on a future day',
    null,
    `(c.churned_at is not null and c.status <> 'churned')`,
  ),
  column('plan', 'string', 'The plan the customer is on'),
  {
    ...column(
      'monthly_charge',
      'number',
      'What a month costs, in major units of the currency',
      null,
      `(c.monthly_charge::double precision / ${minorPerMajorSql('c.currency')})`,
    ),
    range: [0, Infinity],
  },
  { ...column('tenure', 'number', 'Whole months as a customer', null, 'c.tenure::double precision'), range: [0, Infinity] },
  column('time_zone', 'string', 'IANA time zone'),
  column('locale', 'string', 'Language, as in en'),
];

const scores = (): readonly Field[] =>
  scoreKinds.entries.map(([name, { range }]) => ({
    of: 'score',
    name,
    type: 'number',
    description: `The latest ${name} score`,
    values: null,
    ...(range && { range: [range.least, range.most] as const }),
    sql: `(select s.value from score s where s.customer_id = c.id and s.kind = '${name}')`,
  }));

/** Whether a name is a column of every customer, and so not an attribute. */
export function isColumn(name: string): boolean {
  return columns.some((field) => field.name === name);
}

/** Columns, these attributes, and scores: everything that rules can use. */
export function fieldsWith(attributes: Attributes): readonly Field[] {
  const declared = Object.entries(attributes)
    .filter(([name]) => !isColumn(name))
    .map(([name, { type, description, values = null }]) => column(name, type, description, values, attributeSql(name, type)));
  return [...columns, ...declared, ...scores()];
}

/** A stored value of another type than the declared one is missing. */
function attributeSql(name: string, type: ValueType): string {
  return `(case when jsonb_typeof(c.attributes -> '${name}') = '${type}' then (c.attributes ->> '${name}')${castOf[type]} end)`;
}

/**
 * Everything that rules can use in this process: what `useFields` set last. Before that, for example in a command without a database, the
 * attributes of the file in the project.
 */
export function knownFields(): readonly Field[] {
  known ??= fieldsWith(readConfigFile('attributes.yaml', declaredAttributes).attributes);
  return known;
}
let known: readonly Field[] | undefined;

/** From now on rules are read with these fields, in the whole process. */
export function useFields(fields: readonly Field[]): void {
  known = fields;
}
