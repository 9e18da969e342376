import { z } from 'zod';
import { fitting } from '../text/fitting.js';
import type { TemplatePart } from '../contract/template-part.js';

/** The WhatsApp part of a template. */
export interface WhatsappContent {
  /** For a conversation that the customer began. */
  readonly text: string;
  /** For all other messages: a content template that Meta has approved, with the values of `{{1}}`, `{{2}}` ... in it. */
  readonly content: { readonly sid: string; readonly variables: Readonly<Record<string, string>> };
}

const fields = {
  whatsapp: z
    .strictObject({
      text: z.string().min(1).max(1_600),
      content: z.strictObject({
        sid: z.string().regex(/^HX[0-9a-f]{32}$/, 'is not a ContentSid: HX and 32 hexadecimal digits'),
        variables: z.record(z.string().regex(/^\w{1,16}$/, 'is not a name of a variable'), z.string().min(1).max(1_000)).default({}),
      }),
    })
    .optional(),
};

/** A WhatsApp message in two forms: free text and a content template. Both are optional in a template file. */
export const whatsappTemplate: TemplatePart<typeof fields, WhatsappContent | undefined> = {
  fields,
  compile: ({ whatsapp }, compiler) => {
    if (whatsapp === undefined) return () => undefined;
    const text = compiler.text('whatsapp.text', whatsapp.text, { shows: ['company.name'], says: ['STOP'] });
    const values = Object.entries(whatsapp.content.variables).map(
      ([name, value]) => [name, compiler.text(`whatsapp.content.variables.${name}`, value)] as const,
    );
    return (variables) => ({
      text: fitting((values) => text(values).trim(), variables),
      content: { sid: whatsapp.content.sid, variables: Object.fromEntries(values.map(([name, value]) => [name, value(variables).trim()])) },
    });
  },
};
