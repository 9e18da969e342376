import { z } from 'zod';
import { purposes, type Purpose } from '../../channels/purpose.js';
import { channels, type Channel } from '../../channels/table.js';
import type { ContactWindow } from '../../channels/contact-window.js';
import { byChannel } from '../contract/by-channel.js';
import { readConfigFile } from '../../platform/config-file.js';
import type { ContactLimits } from './contact-limits.js';
import { contactWindow } from './contact-window.schema.js';
import type { TextsFor } from '../templates/template-channels.js';
import { quietHoursFile, type HoursTables } from './quiet-hours.js';

/** The rules of the company and the law: how often and when. */
export interface ContactRules extends HoursTables {
  readonly limits: Readonly<Record<Purpose, ContactLimits>>;
  /** How long a message gives way to campaigns with a higher priority. */
  readonly maxDelayMs: number;
}

/** The same, and what this installation can send. */
export interface PolicyTables extends ContactRules {
  /** The channels that messages may be planned on, in order of preference if everything else is equal. */
  readonly channels: readonly Channel[];
  /** The channels for which the templates of a publication have texts; null for the latest publication. */
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

/** The rules from these two files. */
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
 * The tables from the project's own files.
 * @param on the channels that are set up
 * @param textsFor the channels for which a template has a text: all by default
 * @throws Error if a file is not valid
 */
export function readPolicyTables(on: readonly Channel[], textsFor: TextsFor = () => channels): PolicyTables {
  return {
    ...contactRules(readConfigFile(contactPolicyPath, contactPolicyFile), readConfigFile(quietHoursPath, quietHoursFile)),
    channels: on,
    textsAt: () => Promise.resolve(textsFor),
  };
}
