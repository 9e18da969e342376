import { scoreKinds, type ScoreName } from '../../scores/kinds/table.js';
import { matches, numberIn } from '../features/event-filter.js';
import type { FeatureSql } from '../features/feature-source.js';
import { at, type SqlWriter } from '../features/sql-writer.js';
import type { EventTarget } from '../target.js';

/** What is known of a customer's outcome where an attribute is the target. */
export interface Known {
  /** What the attribute says. */
  readonly said: unknown;
  readonly churned: boolean;
  /** They have been here for longer than the score looks ahead. */
  readonly seenThrough: boolean;
}

/**
 * The label of a customer: 1 or 0 for whether it happened, or the amount of a score without bounds; NaN where it is not known. What the kind of score
 * knows for a fact goes before what a file said.
 */
export function outcomeOf(score: ScoreName, { said, ...observed }: Known): number {
  const kind = scoreKinds.get(score);
  if (kind.range === undefined) return typeof said === 'number' ? said : NaN;
  const happened = kind.happened?.(observed) ?? (typeof said === 'boolean' ? said : kind.otherwise?.(observed));
  return happened === undefined ? NaN : Number(happened);
}

/** The label at a past instant, where events within a horizon after it are the target: whether there was one, or what they come to. */
export function outcomeAfter(target: EventTarget, writer: SqlWriter): FeatureSql {
  const ahead = `${matches({ events: target.event, where: target.where }, writer)} and e.at > ${at} and e.at <= ${writer.after(target.within)}`;
  const common = { from: 'events', none: '0', kinds: [target.event], reachMs: 0, ahead: true } as const;
  if (target.sum === undefined) return { ...common, value: `(count(*) filter (where ${ahead}) > 0)::int` };
  const sum = `sum(${numberIn(target.sum, writer)}) filter (where ${ahead})`;
  return { ...common, value: `coalesce(${sum}, 0)::double precision` };
}
