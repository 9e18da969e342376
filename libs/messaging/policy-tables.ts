import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Channel } from '../customers/contact-point.entity.js';
import { projectFile } from '../platform/project-file.js';
import { contactWindow } from './contact-window.schema.js';
import type { ContactWindow } from './contact-hours.js';
import { quietHoursFile, type QuietRule } from './quiet-hours.js';

/** What the company and the law set: how often and when. */
export interface PolicyTables {
  readonly cap: { readonly messages: number; readonly windowMs: number };
  readonly companyHours: Readonly<Record<Channel, readonly ContactWindow[]>>;
  readonly laws: readonly QuietRule[];
}

const windows = z.array(contactWindow).min(1);
const contactPolicyFile = z.strictObject({
  cap: z.strictObject({ messages: z.int().min(1), days: z.number().positive() }),
  contactHours: z.strictObject({ email: windows, sms: windows }),
});

/**
 * Reads config/contact-policy.yaml and config/quiet-hours.yaml.
 * @throws Error where one of them is not what it should be: no process that plans messages starts then
 */
export function readPolicyTables(): PolicyTables {
  const { cap, contactHours } = read('contact-policy.yaml', contactPolicyFile);
  const { rules } = read('quiet-hours.yaml', quietHoursFile);
  return { cap: { messages: cap.messages, windowMs: cap.days * 86_400_000 }, companyHours: contactHours, laws: rules };
}

function read<Schema extends z.ZodType>(name: string, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(parse(readFileSync(projectFile('config', name), 'utf8')));
  if (!parsed.success) throw new Error(`config/${name} is not valid:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
