import { z } from 'zod';
import { shortened } from '../../platform/bounds.js';
import { frame } from '../contract/template-layout.js';
import { oneLine } from '../text/one-line.js';
import { compileMjml } from '../text/template-mjml.js';
import { pickLocale } from '../contract/template-locale.js';
import type { VariableName } from '../contract/template-variables.js';
import type { PartCompiler, TemplatePart } from '../contract/template-part.js';

export interface EmailContent {
  readonly subject: string;
  /** In pieces, to be joined. The constant pieces of the template are the same string objects in every mail. */
  readonly html: readonly string[];
  readonly text: readonly string[];
}

/** Characters. Mail programs show far less of a subject, and a header line may have 998 (RFC 5322, 2.1.1). */
const longestSubject = 200;

const fields = {
  subject: z
    .string()
    .min(1)
    .max(500)
    .refine((text) => !/[\p{Cc}\u2028\u2029]/u.test(text.trim()), 'holds a line break or a control character'),
  /** The preview text that mail programs show beside the subject. */
  preheader: z.string().min(1).max(200).optional(),
  /** The sections of the mail, which are put into the layout; or a complete document that begins with `<mjml>`. */
  mjml: z.string().min(1).max(100_000),
  /** Made from the MJML if it is missing. */
  text: z.string().min(1).max(50_000).optional(),
};

/** The company, its postal address, and how to unsubscribe: CAN-SPAM section 7704(a)(5), CASL section 6(2), RFC 8058. */
const lawful: readonly VariableName[] = ['company.name', 'company.address', 'links.unsubscribe'];

export const emailTemplate: TemplatePart<typeof fields, EmailContent> = {
  fields,
  compile: async (source, compiler) => {
    const subject = compiler.text('subject', source.subject);
    if (source.preheader !== undefined) compiler.text('preheader', source.preheader);
    const markup = await toHtml(source, compiler);
    if (markup === undefined) return nothing;
    const html = compiler.text('mjml', markup, { markup: true, shows: lawful });
    if (source.text === undefined && compiler.hasErrors) return nothing;
    const plain = source.text ?? (await import('./plain-text.js')).toText(markup);
    const text = compiler.text('text', plain, { shows: lawful, derived: source.text === undefined });
    return (variables) => ({
      subject: shortened(oneLine(subject(variables)), longestSubject),
      html: html.pieces(variables),
      text: text.pieces(variables),
    });
  },
};

/** A template with errors is never rendered. */
const nothing = (): EmailContent => ({ subject: '', html: [], text: [] });

/** The mail's HTML with its Liquid unchanged. Errors are reported with the line of the template, not of the frame. */
async function toHtml(
  { mjml, preheader }: { mjml: string; preheader?: string | undefined },
  compiler: PartCompiler,
): Promise<string | undefined> {
  const { layout, locale } = compiler;
  const whole = /^\s*<mjml[\s>]/.test(mjml);
  if (whole && preheader !== undefined)
    compiler.addError('preheader', 'is not used, since the mjml is a document of its own: write it as <mj-preview>');
  if (!whole && layout === undefined) compiler.addError('mjml', 'is not a document (<mjml>), and there is no _layout.yaml to put it into');
  const words = layout === undefined ? {} : (layout.words[pickLocale(Object.keys(layout.words), locale)?.locale ?? ''] ?? {});
  const framed =
    whole || layout === undefined
      ? { mjml, firstLine: 1, lines: Infinity, missing: [] }
      : frame(layout, mjml, locale, preheader ?? '', words);
  for (const name of framed.missing) compiler.addError('mjml', `_layout.yaml has no ${name} in ${locale}`);

  const compiled = await compileMjml(framed.mjml);
  if ('html' in compiled) return compiled.html;
  for (const { line, what } of compiled.errors) {
    const own = line - framed.firstLine + 1;
    const inside = own >= 1 && own <= framed.lines;
    compiler.addError('mjml', inside ? what : `in _layout.yaml: ${what}`, inside ? own : undefined);
  }
  return undefined;
}
