import { z } from 'zod';
import { attributeName } from '../../../platform/bounds.js';
import { daysUntil, daysUntilChangesAt } from '../ages.js';
import { numberShape, saidOfAny } from '../feature.js';
import { featureSource } from '../feature-source.js';

/** How many days it is until the date in an attribute, as imports keep it (`2026-01-31`); negative where it has passed. */
export const daysUntilDate = featureSource({
  schema: z.strictObject({ days_until: attributeName, fixed: z.boolean().optional(), ...numberShape, ...saidOfAny }),
  history: false,
  sql: ({ days_until }, _, writer) => {
    const text = `left(c.attributes ->> ${writer.param(days_until, 'text')}, 10)`;
    // `tomorrow` is a date to PostgreSQL as well.
    const isDate = `${text} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' and pg_input_is_valid(${text}, 'date')`;
    const date = `(case when ${isDate} then ${text}::date::timestamp at time zone 'UTC' end)`;
    return { from: 'customer', value: daysUntil(date), changesAt: daysUntilChangesAt(date) };
  },
  words: ({ days_until }) => `days until ${days_until.replaceAll('_', ' ')}`,
});
