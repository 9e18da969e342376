import type { ContentKind } from '../../content/content-kind.js';
import type { z } from 'zod';
import { readShaped } from '../../content/source.js';
import { contactPolicyPath, contactRules, contactPolicyFile, quietHoursPath, type ContactRules } from './policy-tables.js';
import { quietHoursFile } from './quiet-hours.js';

/** How often and when a customer may be written to: `contact-policy.yaml`, and the laws of `quiet-hours.yaml`. */
export const contactRulesContent: ContentKind<ContactRules | undefined> = {
  owns: (path) => path === contactPolicyPath || path === quietHoursPath,
  compile: (documents, _using, report) => {
    const read = <Output>(path: string, schema: z.ZodType<Output>): Output | undefined => {
      const yaml = documents.get(path);
      if (yaml === undefined) report({ file: path, what: 'is missing; nothing is sent without it' });
      return yaml === undefined ? undefined : readShaped(path, yaml, schema, report);
    };
    const policy = read(contactPolicyPath, contactPolicyFile);
    const laws = read(quietHoursPath, quietHoursFile);
    return policy === undefined || laws === undefined ? undefined : contactRules(policy, laws);
  },
};
