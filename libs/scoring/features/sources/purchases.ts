import { z } from 'zod';
import { eventKind, inWords, matches, numberIn, plain, property, where } from '../event-filter.js';
import { numberShape, saidOfAny } from '../feature.js';
import type { Aged } from '../ages.js';
import { featureSource } from '../feature-source.js';
import { at, instant } from '../sql-writer.js';

const common = { events: eventKind, where, ...numberShape, ...saidOfAny };

/** What a model of repeat purchases knows of a customer (see lifetime/purchase-histories.ts). Purchases of one day, in UTC, count as one. */
const declared = z.discriminatedUnion('purchases', [
  /** Days with a purchase after the first. */
  z.strictObject({ purchases: z.literal('repeats'), ...common }),
  /** Days since the first and the last, in whole weeks. */
  z.strictObject({ purchases: z.literal('first'), ...common }),
  z.strictObject({ purchases: z.literal('last'), ...common }),
  /** The mean amount of the days after the first; 0 where there is none. */
  z.strictObject({ purchases: z.literal('mean'), amount: property, ...common }),
]);

/** The history of a customer's purchases: each of its numbers is not known where there was none. */
export const purchases = featureSource({
  schema: declared,
  history: true,
  sql: (feature, _, writer) => {
    const counted = `${matches(feature, writer)} and e.at <= ${at}`;
    const common = { from: 'events', kinds: [feature.events] } as const;
    switch (feature.purchases) {
      case 'repeats':
        return { ...common, value: `(nullif(count(distinct ${day}) filter (where ${counted}), 0) - 1)::double precision` };
      case 'first':
      case 'last': {
        const which = feature.purchases === 'first' ? 'min' : 'max';
        return { ...common, value: instant(`${which}(e.at) filter (where ${counted})`), days: wholeWeeks };
      }
      case 'mean': {
        const days = `array_agg(${day}) filter (where ${counted})`;
        const amounts = `array_agg(${numberIn(feature.amount, writer)}) filter (where ${counted})`;
        const later = `select coalesce(avg(of_day), 0) from (select sum(amount) as of_day from unnest(${days}, ${amounts}) as u (day, amount) group by day order by day offset 1) d`;
        return { ...common, value: `case when count(*) filter (where ${counted}) > 0 then ${plain(`(${later})`)} end` };
      }
    }
  },
  words: (feature) =>
    ({
      repeats: `${inWords(feature)} again`,
      first: `days since the first ${inWords(feature)}`,
      last: `days since the last ${inWords(feature)}`,
      mean: `mean amount of ${inWords(feature)}`,
    })[feature.purchases],
});

const day = `(e.at at time zone 'UTC')::date`;
const dayMs = 86_400_000;

/** Without an end, as a model of purchases reckons with all of a history. */
function wholeWeeks(read: unknown, now: number): Aged {
  const since = typeof read === 'number' ? read : NaN;
  if (!(since <= now)) return { value: NaN, changesAt: NaN };
  const weeks = Math.floor((now - since) / (7 * dayMs));
  return { value: 7 * weeks, changesAt: since + 7 * (weeks + 1) * dayMs };
}
