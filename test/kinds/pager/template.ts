import { z } from 'zod';
import type { TemplatePart } from '../../../libs/channels/contract/template-part.js';

const fields = { pager: z.string().min(1).max(80).optional() };

/** One line; a template may go without. */
export const pagerTemplate: TemplatePart<typeof fields, string | undefined> = {
  fields,
  compile: ({ pager }, compiler) => {
    if (pager === undefined) return () => undefined;
    return compiler.text('pager', pager, { shows: ['company.name'], says: ['STOP'] });
  },
};
