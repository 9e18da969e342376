import { messageOf } from '../../platform/message-of.js';

/** An error in MJML, with its line from 1. */
export interface MjmlError {
  readonly line: number;
  readonly what: string;
}

/** The HTML of a document, or its errors. */
export type CompiledMjml = { readonly html: string } | { readonly errors: readonly MjmlError[] };

/** As mjml throws it if the document is not valid. */
interface ValidationError {
  readonly errors?: readonly { readonly line: number; readonly tagName: string; readonly message: string }[];
}

/** Compiles MJML, without reading other files and without external fonts. */
export async function compileMjml(source: string): Promise<CompiledMjml> {
  const wrong = findUnclosed(source) ?? findForbidden(source);
  if (wrong !== undefined) return { errors: [wrong] };
  try {
    // Loaded only when there is something to compile: it takes half a second.
    const { default: mjml2html } = await import('mjml');
    const { html } = await mjml2html(source, { validationLevel: 'strict', ignoreIncludes: true, fonts: {}, keepComments: false });
    return { html: squeeze(html) };
  } catch (error) {
    const errors = (error as ValidationError).errors?.map(({ line, tagName, message }) => ({ line, what: `<${tagName}>: ${message}` }));
    return { errors: errors ?? [{ line: 1, what: messageOf(error) }] };
  }
}

/** Elements that the compiler would drop, and scripts, which mail programs do not run. */
function findForbidden(source: string): MjmlError | undefined {
  const found = /<(mj-include|script)\b/i.exec(withoutComments(source));
  if (found === null) return undefined;
  const { index, 1: tag = '' } = found;
  const what = /^script$/i.test(tag) ? 'a mail cannot have scripts' : 'other files are not included: write its content here';
  return { line: source.slice(0, index).split('\n').length, what: `<${tag}>: ${what}` };
}

const withoutComments = (source: string): string => source.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '));

/** The compiler closes open tags automatically, and the mail then looks different from what was intended. */
function findUnclosed(source: string): MjmlError | undefined {
  const open: { readonly tag: string; readonly line: number }[] = [];
  for (const { index, 1: slash, 2: tag = '', 3: closed } of withoutComments(source).matchAll(
    /<(\/?)(mjml|mj-[a-z-]+)(?:"[^"]*"|'[^']*'|[^>"'])*?(\/?)>/g,
  )) {
    const line = source.slice(0, index).split('\n').length;
    if (slash === '') {
      if (closed === '') open.push({ tag, line });
    } else if (open.pop()?.tag !== tag) return { line, what: `</${tag}> closes a tag that is not open` };
  }
  const [left] = open;
  return left === undefined ? undefined : { line: left.line, what: `<${left.tag}> is not closed` };
}

/** The compiler indents a lot: removing it saves a third of the bytes, and no visible space. */
function squeeze(html: string): string {
  return html.trim().replace(/[ \t]*\n\s*/g, '\n');
}
