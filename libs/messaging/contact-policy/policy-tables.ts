import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { purposes, type Purpose } from '../../customers/purpose.js';
import { channels, type Channel } from '../../customers/channels.js';
import { projectFile } from '../../platform/project-file.js';
import type { ContactLimits } from './contact-limits.js';
import { contactWindow } from './contact-window.schema.js';
import type { Has } from '../templates/template-channels.js';
import { quietHoursFile, type HoursTables } from './quiet-hours.js';

/** What the company and the law set: how often and when. */
export interface PolicyTables extends HoursTables {
  /** The channels that messages may be planned on, in the order in which they are asked, all else being equal. */
  readonly channels: readonly Channel[];
  /** The channels that a template has a text for, in the file that speaks to a customer of this locale; with `has`, that can be composed with no more than this. */
  readonly textsFor: (template: string, locale: string, has?: Has) => readonly Channel[];
  readonly limits: Readonly<Record<Purpose, ContactLimits>>;
  /** How long a message gives way to campaigns of greater priority. */
  readonly patienceMs: number;
}

const hour = 3_600_000;
const day = 24 * hour;
const limits = z
  .strictObject({
    caps: z.array(z.strictObject({ messages: z.int().min(1), days: z.number().positive() })),
    gapHours: z.number().min(0),
  })
  .transform(({ caps, gapHours }): ContactLimits => ({
    caps: caps.map(({ messages, days }) => ({ messages, windowMs: days * day })),
    gapMs: gapHours * hour,
  }));
const contactPolicyFile = z.strictObject({
  limits: z.record(z.enum(purposes), limits),
  priority: z.strictObject({ patienceDays: z.number().min(0) }),
  contactHours: z.record(z.enum(channels), z.array(contactWindow).min(1)),
  holidays: z.enum(['open', 'closed']),
});

/**
 * Reads config/contact-policy.yaml and config/quiet-hours.yaml.
 * @param on the channels that are set up
 * @param textsFor which of them a template can speak on: all, unless said otherwise
 * @throws Error where one of them is not what it should be: no process that plans messages starts then
 */
export function readPolicyTables(on: readonly Channel[], textsFor: PolicyTables['textsFor'] = () => channels): PolicyTables {
  const { limits, priority, contactHours, holidays } = read('contact-policy.yaml', contactPolicyFile);
  const { rules } = read('quiet-hours.yaml', quietHoursFile);
  return {
    channels: on,
    textsFor,
    limits,
    patienceMs: priority.patienceDays * day,
    companyHours: contactHours,
    companyHolidays: holidays,
    laws: rules,
  };
}

function read<Schema extends z.ZodType>(name: string, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(parse(readFileSync(projectFile('config', name), 'utf8')));
  if (!parsed.success) throw new Error(`config/${name} is not valid:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
