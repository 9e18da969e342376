import { z } from 'zod';
import { daysUntil } from '../ages.js';
import { numberShape, saidOfAny } from '../feature.js';
import { featureSource } from '../feature-source.js';
import { at, instant } from '../sql-writer.js';

/** In which order words about a contract count, as libs/customers has it: the past from when it happened, notice from when it was recorded. */
const said = 'least(e.at, e.received_at)';
const kinds = ['contract.ended', 'contract.renewed'];

const days = (read: unknown, now: number) => daysUntil(typeof read === 'number' ? read : NaN, now);

/** In how many days the contract ends, of a customer who has given notice and not taken it back; not known of anybody else. */
export const contract = featureSource({
  schema: z.strictObject({ contract: z.literal('days_to_end'), ...numberShape, ...saidOfAny }),
  history: true,
  sql: (_, __, writer) => {
    const known = `e.kind = any(${writer.param(kinds, 'text[]')}) and ${said} <= ${at}`;
    const last = `(array_agg(case when e.kind = 'contract.ended' then e.at end order by ${said} desc, e.id desc) filter (where ${known}))[1]`;
    const end = `(case when ${last} > ${at} then ${last} end)`;
    return { from: 'events', kinds, value: instant(end), days, ahead: true };
  },
  words: () => 'days until the contract ends',
});
