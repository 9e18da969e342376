import type { Documents } from './documents.js';

/** An error in a document, with its place. */
export interface ContentError {
  /** The path of the document, as in `templates/save-offer/de.yaml`. */
  readonly file: string;
  readonly field?: string;
  /** Of the document, from 1. */
  readonly line?: number | undefined;
  readonly what: string;
}

/** One line for a person: `save-offer/de.yaml:12 mjml: {{ customer.nam }} does not exist`. */
export function describeError({ file, field, line, what }: ContentError): string {
  return `${file}${line === undefined ? '' : `:${line}`}${field === undefined ? '' : ` ${field}`}: ${what}`;
}

export type ReportError = (error: ContentError) => void;

/**
 * One kind of content: how its documents are found, checked and made ready to use. Each is declared by the layer that uses its result;
 * libs/publishing has the table of all.
 */
export interface ContentKind<Compiled, Using = unknown> {
  /** Whether the document at this path is of this kind. */
  owns(path: string): boolean;
  /**
   * Checks all documents of the kind and makes them ready to use.
   * @param using what it needs beside its own documents
   * @param report takes the errors; if there is one, the compiled result is not used
   */
  compile(documents: Documents, using: Using, report: ReportError): Compiled | Promise<Compiled>;
}
