import { z } from 'zod';
import { longest } from '../../platform/bounds.js';
import type { SqlWriter } from './sql-writer.js';

/** The kind of an event, as in `payment.failed`. */
export const eventKind = z.string().min(1).max(longest.word);

/** The name of a property of an event's data. */
export const property = z.string().min(1).max(longest.key);

/** What an event's data must say: `{ page: cancel }`. */
export const where = z
  .record(property, z.union([z.string(), z.number(), z.boolean()]))
  .refine((each) => Object.keys(each).length > 0, 'must name at least one property')
  .optional();

export interface EventFilter {
  readonly events: string;
  readonly where?: z.infer<typeof where>;
}

/** Of this kind, and with data that says so: a condition over alias e. */
export function matches({ events, where: properties }: EventFilter, writer: SqlWriter): string {
  const kind = `e.kind = ${writer.param(events, 'text')}`;
  return properties === undefined ? kind : `${kind} and e.data @> ${writer.param(JSON.stringify(properties), 'jsonb')}`;
}

export function inWords({ events, where: properties }: EventFilter): string {
  const said = Object.entries(properties ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  return [events.replaceAll(/[._-]/g, ' '), ...(said.length > 0 ? [`(${said.join(', ')})`] : [])].join(' ');
}

/** A number in the data of an event, exact, so that sums do not depend on an order; null where there is none. */
export function numberIn(name: string, writer: SqlWriter): string {
  const value = `e.data -> ${writer.param(name, 'text')}`;
  return `(case when jsonb_typeof(${value}) = 'number' then (${value})::numeric end)`;
}

/** An exact number as a plain one; null beyond what that can be. */
export const plain = (number: string): string => `(case when abs(${number}) < 1e306 then ${number} end)::double precision`;
