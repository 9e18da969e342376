import type { z } from 'zod';
import type { TemplateVariables, VariableName } from './template-variables.js';
import type { TemplateLayout } from './template-layout.js';

/** Renders one message, or one text of it. Throws if a limit is exceeded. */
export type Render<Content> = (variables: TemplateVariables) => Content;

/** Renders one text, whole or in pieces. The constant pieces of the template are the same string objects each time. */
export type RenderText = Render<string> & { readonly pieces: Render<readonly string[]> };

/** Rules for a Liquid text, beside those that it can be parsed and uses only existing names. */
export interface TextRules {
  /** The text is HTML: values are escaped. */
  readonly markup?: boolean;
  /** Values that the text must show for every customer. */
  readonly shows?: readonly VariableName[];
  /** Words that it must contain literally. */
  readonly says?: readonly string[];
  /** Links are not checked: the text is derived from another text that was checked. */
  readonly derived?: boolean;
}

/** What a part may use during its compilation, for one template in one locale. Errors are collected, not thrown. */
export interface PartCompiler {
  /** As the file is named: `de`, `pt-br`. */
  readonly locale: string;
  /** The frame that the company's e-mails share; undefined if the folder has none. */
  readonly layout: TemplateLayout | undefined;
  /**
   * Compiles one Liquid text and checks it.
   * @param field its dotted path in the file: `sms`, `whatsapp.text`
   */
  text(field: string, source: string, rules?: TextRules): RenderText;
  /** An error was found before, so a text that is derived from it need not be checked. */
  readonly hasErrors: boolean;
  /** @param line within the field's own text, from 1 */
  addError(field: string, what: string, line?: number): void;
}

/**
 * The part of a template file for one channel. Each channel's folder declares its part in template.ts; libs/messaging/templates builds the
 * file's schema, the lint and the renderers from the table of all parts.
 */
export interface TemplatePart<Fields extends z.ZodRawShape, Content> {
  /** The fields of the file that belong to this channel; no two channels share a field. */
  readonly fields: Fields;
  /** Runs once, when the file is loaded. A channel whose fields are all optional returns `() => undefined` if they are absent. */
  compile(source: z.infer<z.ZodObject<Fields>>, compiler: PartCompiler): Render<Content> | Promise<Render<Content>>;
}

/** Renders messages from templates. */
export interface TemplateRenderer {
  /** Renders a message for the channel that has this part. @throws CannotCompose if the result could not be sent */
  render<Fields extends z.ZodRawShape, Content>(
    part: TemplatePart<Fields, Content>,
    key: string,
    locale: string,
    variables: TemplateVariables,
  ): Content;
}

/** A part without its type of fields: the file's schema has checked that it gets them. */
export interface AnyTemplatePart {
  readonly fields: z.ZodRawShape;
  compile(source: never, compiler: PartCompiler): Render<unknown> | Promise<Render<unknown>>;
}
