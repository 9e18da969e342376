import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { purposes, type Purpose } from '../../channels/purpose.js';
import { channels, type Channel } from '../../channels/table.js';
import type { ContactWindow } from '../../channels/contact-window.js';
import { byChannel } from '../contract/by-channel.js';
import { projectFile } from '../../platform/project-file.js';
import type { ContactLimits } from './contact-limits.js';
import { contactWindow } from './contact-window.schema.js';
import type { TextsFor } from '../templates/template-channels.js';
import { quietHoursFile, type HoursTables } from './quiet-hours.js';

/** What the company and the law set: how often and when. */
export interface ContactRules extends HoursTables {
  readonly limits: Readonly<Record<Purpose, ContactLimits>>;
  /** How long a message gives way to campaigns of greater priority. */
  readonly maxDelayMs: number;
}

/** The same, and what may be sent at all here. */
export interface PolicyTables extends ContactRules {
  /** The channels that messages may be planned on, in the order in which they are asked, all else being equal. */
  readonly channels: readonly Channel[];
  /** What the templates of a publication have texts for; null for the latest. */
  readonly textsAt: (publication: number | null) => Promise<TextsFor>;
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
/** The shape of contact-policy.yaml. */
export const contactPolicyFile = z.strictObject({
  limits: z.record(z.enum(purposes), limits),
  priority: z.strictObject({ maxDelayDays: z.number().min(0) }),
  contactHours: byChannel<readonly ContactWindow[]>(z.array(contactWindow).min(1), ({ contactHours }) => contactHours),
  holidays: z.enum(['open', 'closed']),
});

export const contactPolicyPath = 'contact-policy.yaml';
export const quietHoursPath = 'quiet-hours.yaml';

/** The rules that these two files state. */
export function contactRules(policy: z.infer<typeof contactPolicyFile>, laws: z.infer<typeof quietHoursFile>): ContactRules {
  return {
    limits: policy.limits,
    maxDelayMs: policy.priority.maxDelayDays * day,
    companyHours: policy.contactHours,
    companyHolidays: policy.holidays,
    laws: laws.rules,
  };
}

/**
 * The tables of the rules in the files that ship with the project.
 * @param on the channels that are set up
 * @param textsFor which of them a template can speak on: all, unless said otherwise
 * @throws Error if a file is not what it should be
 */
export function readPolicyTables(on: readonly Channel[], textsFor: TextsFor = () => channels): PolicyTables {
  return {
    ...contactRules(read(contactPolicyPath, contactPolicyFile), read(quietHoursPath, quietHoursFile)),
    channels: on,
    textsAt: () => Promise.resolve(textsFor),
  };
}

function read<Schema extends z.ZodType>(name: string, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(parse(readFileSync(projectFile('config', name), 'utf8')));
  if (!parsed.success) throw new Error(`config/${name} is not valid:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
