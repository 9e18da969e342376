import type { z } from 'zod';
import type { TemplateVariables, VariableName } from './template-variables.js';
import type { TemplateLayout } from './template-layout.js';

/** Writes one message, or one text of it. Throws where a limit is passed. */
export type Render<Content> = (variables: TemplateVariables) => Content;

/** Writes one text, whole or in pieces: what stands in the template comes as the very same strings each time. */
export type RenderText = Render<string> & { readonly pieces: Render<readonly string[]> };

/** What is asked of a Liquid text beyond that it can be read and names only what exists. */
export interface TextRules {
  /** The text is HTML: values are escaped. */
  readonly markup?: boolean;
  /** Values that must show, whoever the customer is and whatever is known of them. */
  readonly shows?: readonly VariableName[];
  /** Words that must stand in it as they are. */
  readonly says?: readonly string[];
  /** Links are not looked for: the text is made from another that was looked through. */
  readonly derived?: boolean;
}

/** What a part may use while it is compiled, for one template in one locale. Errors are collected, not thrown. */
export interface PartCompiler {
  /** As the file is named: `de`, `pt-br`. */
  readonly locale: string;
  /** The frame that the company's e-mails share; undefined where the folder has none. */
  readonly layout: TemplateLayout | undefined;
  /**
   * Compiles one Liquid text and checks it.
   * @param field where it stands in the file, dotted: `sms`, `whatsapp.text`
   */
  text(field: string, source: string, rules?: TextRules): RenderText;
  /** An error was found before: what is made of that text need not be checked. */
  readonly hasErrors: boolean;
  /** @param line of the field's own text, from 1 */
  addError(field: string, what: string, line?: number): void;
}

/**
 * The part of a template file that one channel reads. Each channel's folder declares its own in template.ts; the templates
 * make the file's schema, the lint and the renderers from the table of them all.
 */
export interface TemplatePart<Fields extends z.ZodRawShape, Content> {
  /** The fields of the file that are this channel's; no two channels share one. */
  readonly fields: Fields;
  /** Runs once, when the file is loaded. A channel whose fields are all optional answers `() => undefined` where they are absent. */
  compile(source: z.infer<z.ZodObject<Fields>>, compiler: PartCompiler): Render<Content> | Promise<Render<Content>>;
}

/** Templates that messages are written from. */
export interface TemplateRenderer {
  /** Writes a message for the channel whose part it is. @throws CannotCompose where nothing that may be sent would come of it */
  render<Fields extends z.ZodRawShape, Content>(
    part: TemplatePart<Fields, Content>,
    key: string,
    locale: string,
    variables: TemplateVariables,
  ): Content;
}

/** A part of which only the templates know what it reads: the file's schema has checked that it has that. */
export interface AnyTemplatePart {
  readonly fields: z.ZodRawShape;
  compile(source: never, compiler: PartCompiler): Render<unknown> | Promise<Render<unknown>>;
}
