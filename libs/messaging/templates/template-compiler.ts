import type { PartCompiler, RenderText, TextRules } from '../../channels/contract/template-part.js';
import type { TemplateFile } from './template-files.js';
import type { TemplateLayout } from '../../channels/contract/template-layout.js';
import { badMarkupLinks, badTextLinks, needsOf, notShown, unknownNames, type TextError } from './template-lint.js';
import type { ReportError } from '../../content/content-kind.js';
import { parseLiquid } from './template-liquid.js';
import { namedValues, type Need, type TemplateVariables } from '../../channels/contract/template-variables.js';
import { messageOf } from '../../platform/message-of.js';

/** What the parts of one template file are compiled with. */
export interface CompilerParts {
  readonly source: TemplateFile;
  readonly layout: TemplateLayout | undefined;
  /** Names of the links that the file declares. */
  readonly links: readonly string[];
  /** Takes the errors. */
  readonly report: ReportError;
}

/** A compiler that also knows which values the texts require. */
export interface TemplateCompiler extends PartCompiler {
  /** What the texts require that were compiled since the last call, with the name of a variable. */
  takeNeeds(): ReadonlyMap<Need, string>;
}

/** Compiles and checks the texts of one template in one locale. */
export function createCompiler({ source, layout, links, report }: CompilerParts): TemplateCompiler {
  let hasErrors = false;
  let needs = new Map<Need, string>();
  const addError = (field: string, what: string, line?: number): void => {
    hasErrors = true;
    const begins = source.field(field)?.line;
    report({ file: source.file, field, line: begins === undefined ? undefined : begins + (line ?? 1) - 1, what });
  };
  const place = (field: string, { what, at }: TextError): void => addError(field, what, lineOf(at, source.field(field)?.text));

  return {
    locale: source.locale,
    layout,
    addError,
    takeNeeds: () => {
      const taken = needs;
      needs = new Map();
      return taken;
    },
    get hasErrors() {
      return hasErrors;
    },
    text: (field, text, rules = {}) => {
      try {
        // Compiled HTML has other lines than its MJML field, so the field itself is read first.
        const own = source.field(field)?.text ?? text;
        if (own !== text) parseLiquid(own, rules.markup === true);
        const { names, render } = parseLiquid(text, rules.markup === true);
        const pieces: RenderText['pieces'] = (variables) => render(scopeOf(variables, source.locale, links));
        const write: RenderText = Object.assign((variables: TemplateVariables) => pieces(variables).join(''), { pieces });
        const unknown = unknownNames(names, links);
        const found = [...unknown, ...linkErrors(text, rules), ...(unknown.length > 0 ? [] : notShown(names, write, rules))];
        found.forEach((each) => place(field, each));
        if (unknown.length === 0) for (const [need, shown] of needsOf(write)) needs.set(need, shown);
        return write;
      } catch (error) {
        const { what, line } = readable(error);
        addError(field, what, line);
        return Object.assign(() => '', { pieces: () => [] });
      }
    },
  };
}

function linkErrors(text: string, { markup = false, derived = false }: TextRules): TextError[] {
  if (markup) return badMarkupLinks(text);
  return derived ? [] : badTextLinks(text);
}

/** The values for Liquid. The file's links are signed only if there are any. */
function scopeOf(variables: TemplateVariables, language: string, names: readonly string[]): object {
  const values = namedValues(variables, language);
  if (names.length === 0) return values;
  return { ...values, links: { ...values.links, ...Object.fromEntries(names.map((name) => [name, variables.tracked(name)])) } };
}

/** Liquid ends its messages with `, line:3, col:7`. */
function readable(error: unknown): { readonly what: string; readonly line: number | undefined } {
  const message = messageOf(error);
  const place = /, line:(\d+), col:\d+$/.exec(message);
  return { what: place === null ? message : message.slice(0, place.index), line: place === null ? undefined : Number(place[1]) };
}

/** The line of a text in which words first occur; undefined if they do not occur. */
function lineOf(words: string | undefined, text: string | undefined): number | undefined {
  const index = words === undefined || text === undefined ? -1 : text.indexOf(words);
  return index < 0 ? undefined : text?.slice(0, index).split('\n').length;
}
