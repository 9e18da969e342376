import type { TemplateParts } from './contract/template-part.js';
import { emailTemplate } from './email/template.js';
import { smsTemplate } from './sms/template.js';
import { whatsappTemplate } from './whatsapp/template.js';

/** The one table of parts: what each channel reads of a template file. */
export const templateParts: TemplateParts = { email: emailTemplate, sms: smsTemplate, whatsapp: whatsappTemplate };
