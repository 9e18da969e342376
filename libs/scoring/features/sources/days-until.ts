import { z } from 'zod';
import { attributeName } from '../../../platform/bounds.js';
import { daysUntil, midnightOf } from '../ages.js';
import { numberShape, saidOfAny } from '../feature.js';
import { featureSource } from '../feature-source.js';

/** How many days it is until the date in an attribute, as imports keep it (`2026-01-31`); negative where it has passed. */
export const daysUntilDate = featureSource({
  schema: z.strictObject({ days_until: attributeName, fixed: z.boolean().optional(), ...numberShape, ...saidOfAny }),
  history: false,
  sql: ({ days_until }, _, writer) => ({
    from: 'customer',
    field: `customer.${days_until}`,
    value: `c.attributes -> ${writer.param(days_until, 'text')}`,
    days: (read, now) => daysUntil(midnightOf(read), now),
  }),
  words: ({ days_until }) => `days until ${days_until.replaceAll('_', ' ')}`,
});
