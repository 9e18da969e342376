import { z } from 'zod';
import { checkShape } from '../../../platform/check-shape.js';
import { Kinds } from '../../../platform/kinds.js';
import type { FeatureDeclaration } from '../feature.js';
import type { FeatureSource } from '../feature-source.js';
import { attribute } from './attribute.js';
import { contract } from './contract.js';
import { daysUntilDate } from './days-until.js';
import { sinceFirst, sinceLast } from './event-age.js';
import { eventCount } from './event-count.js';
import { eventMean, eventSum } from './event-total.js';
import { eventTrend } from './event-trend.js';
import { messages } from './messages.js';
import { purchases } from './purchases.js';
import { tasks } from './tasks.js';

/**
 * Every kind of source, under the word in a declaration that only its features have: `{ events: usage, since_last: true }`. A new one is a file beside
 * these, and a line here. What has none of the words is an attribute.
 */
const standard = {
  count: eventCount,
  sum: eventSum,
  mean: eventMean,
  trend: eventTrend,
  since_last: sinceLast,
  since_first: sinceFirst,
  days_until: daysUntilDate,
  contract,
  tasks,
  messages,
  purchases,
} as const satisfies Readonly<Record<string, FeatureSource>>;

export const featureSources = new Kinds<FeatureSource>('source of features', standard);

/** Where a declared feature is read from. */
export function sourceOf(declared: object): FeatureSource {
  const word = featureSources.names.find((name) => name in declared);
  return word === undefined ? attribute : featureSources.get(word);
}

/** A feature in a declaration, read by its source. */
export const feature = z.unknown().transform((written, context): FeatureDeclaration => {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    context.addIssue({ code: 'custom', message: `must say what it is, as in { type: number } or { events: usage, count: 30 days }` });
    return z.NEVER;
  }
  if ('events' in written && sourceOf(written) === attribute) {
    context.addIssue({ code: 'custom', message: `must say what of the events: one of ${ofEvents.join(', ')}` });
    return z.NEVER;
  }
  const { data, wrong } = checkShape(sourceOf(written).schema, written, { written: 'yaml' });
  if (wrong === undefined) return data;
  for (const { what, path } of wrong) context.addIssue({ code: 'custom', message: what, path: [...path] });
  return z.NEVER;
});

const ofEvents = ['count', 'sum', 'mean', 'trend', 'since_last', 'since_first'];
