import { z } from 'zod';
import { fitting } from '../text/fitting.js';
import { oneLine } from '../text/one-line.js';
import type { TemplatePart } from '../contract/template-part.js';

const fields = { sms: z.string().min(1).max(1_000) };

/** A text message: one line that names the company and says how to unsubscribe. */
export const smsTemplate: TemplatePart<typeof fields, string> = {
  fields,
  compile: ({ sms }, compiler) => {
    const text = compiler.text('sms', sms, { shows: ['company.name'], says: ['STOP'] });
    return (variables) => fitting((values) => oneLine(text(values)), variables);
  },
};
