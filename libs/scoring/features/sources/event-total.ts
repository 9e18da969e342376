import { z } from 'zod';
import { duration } from '../../../journeys/written.js';
import { spoken } from '../../spoken-duration.js';
import { eventKind, inWords, matches, numberIn, property, where } from '../event-filter.js';
import { numberShape, saidOfAny } from '../feature.js';
import { featureSource } from '../feature-source.js';
import { window } from '../windows.js';

const common = { events: eventKind, within: duration, where, ...numberShape, ...saidOfAny };

/** The sum of a number that events carry, over the last time: what was paid, the minutes used. */
export const eventSum = featureSource({
  schema: z.strictObject({ sum: property, ...common }),
  history: true,
  sql: (declared, _, writer) => {
    const { inside, changesAt, reachMs } = window('e.at', matches(declared, writer), declared.within, writer);
    const value = `coalesce(sum(${numberIn(declared.sum, writer)}) filter (where ${inside}), 0)::double precision`;
    return { from: 'events', kinds: [declared.events], value, none: '0', changesAt, reachMs };
  },
  words: (declared) => `${declared.sum.replaceAll('_', ' ')} of ${inWords(declared)} in ${spoken(declared.within)}`,
});

/** Its mean; not known where there was no such event. */
export const eventMean = featureSource({
  schema: z.strictObject({ mean: property, ...common }),
  history: true,
  sql: (declared, _, writer) => {
    const { inside, changesAt, reachMs } = window('e.at', matches(declared, writer), declared.within, writer);
    const value = `(avg(${numberIn(declared.mean, writer)}) filter (where ${inside}))::double precision`;
    return { from: 'events', kinds: [declared.events], value, changesAt, reachMs };
  },
  words: (declared) => `mean ${declared.mean.replaceAll('_', ' ')} of ${inWords(declared)} in ${spoken(declared.within)}`,
});
