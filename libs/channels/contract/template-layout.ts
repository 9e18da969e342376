import { z } from 'zod';
import { purposes } from '../purpose.js';

/** A word of the frame: always the same, or one for each purpose of a message. */
const word = z.union([z.string(), z.strictObject({ marketing: z.string(), service: z.string() })]);
type Word = z.infer<typeof word>;

/** The file beside the templates with the frame of the company's e-mails: `config/templates/_layout.yaml`. */
export const layoutFile = z.strictObject({
  /**
   * MJML in which `[[ body ]]` is the template, `[[ locale ]]` and `[[ preheader ]]` are those of the template, and all other names are in
   * `words`.
   */
  mjml: z.string().min(1),
  words: z.record(z.string(), z.record(z.string(), word)),
});
export type TemplateLayout = z.infer<typeof layoutFile>;

/** A whole MJML document, and the line where the template begins. */
export interface Framed {
  readonly mjml: string;
  readonly firstLine: number;
  readonly lines: number;
  /** Names in the frame that have no word in this language. */
  readonly missing: readonly string[];
}

/**
 * Puts a template's MJML into the frame.
 * @param words in the template's language
 */
export function frame(
  layout: TemplateLayout,
  body: string,
  locale: string,
  preheader: string,
  words: Readonly<Record<string, Word>>,
): Framed {
  const content = body.trimEnd();
  const own: Readonly<Record<string, Word>> = { ...words, body: content, locale, preheader };
  const missing: string[] = [];
  const start = layout.mjml.search(/\[\[ *body *\]\]/);
  const fill = (text: string): string =>
    text.replace(/\[\[ *([a-z]+) *\]\]/g, (_, name: string) => {
      const word = own[name];
      if (word === undefined) missing.push(name);
      return word === undefined ? '' : inLiquid(word);
    });
  const before = fill(layout.mjml.slice(0, Math.max(0, start)));
  return {
    mjml: before + fill(layout.mjml.slice(Math.max(0, start))),
    firstLine: before.split('\n').length,
    lines: content.split('\n').length,
    missing: start < 0 ? ['body', ...missing] : missing,
  };
}

/** One template is used for every purpose: the word is chosen when the message is rendered. */
function inLiquid(word: Word): string {
  if (typeof word === 'string') return word;
  return `{% case message.purpose %}${purposes.map((purpose) => `{% when '${purpose}' %}${word[purpose]}`).join('')}{% endcase %}`;
}
