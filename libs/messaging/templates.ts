import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Liquid, type Template } from 'liquidjs';
import { parse } from 'yaml';
import { z } from 'zod';
import { lintTemplate, type TemplateFault } from './template-lint.js';

/** All that a template may speak of. Values are put in as they are, never rendered as templates themselves. */
export interface TemplateVariables {
  readonly company: { readonly name: string; readonly address: string };
  /** The name is empty where none is known. */
  readonly customer: { readonly name: string };
  /** `expires` is a date as the customer would write it. */
  readonly offer: { readonly title: string; readonly expires: string; readonly voucher: string };
  readonly links: { readonly accept: string; readonly unsubscribe: string };
}

export interface EmailContent {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** The messages that campaigns may name. Rendering throws where a variable is missing or a limit is passed. */
export interface Templates {
  readonly keys: readonly string[];
  email(key: string, locale: string, variables: TemplateVariables): EmailContent;
  sms(key: string, locale: string, variables: TemplateVariables): string;
}

/** Every template is there in this locale, which is what any other falls back to. */
const lastLocale = 'en';

/** The parts of a template file: `config/templates/<key>/<locale>.yaml`. */
export const templateFile = z.strictObject({
  subject: z.string().min(1).max(150),
  html: z.string().min(1),
  text: z.string().min(1),
  sms: z.string().min(1),
});
export type TemplateSource = z.infer<typeof templateFile>;

/** Liquid's own limits are infinite: characters parsed, milliseconds and objects of one rendering. No file is ever read. */
const limits = { parseLimit: 50_000, renderLimit: 100, memoryLimit: 1_000_000, templates: {} };
const strict = { strictVariables: true, strictFilters: true, ownPropertyOnly: true };
const markup = new Liquid({ ...limits, ...strict, outputEscape: 'escape' });
const plain = new Liquid({ ...limits, ...strict });

type Compiled = Readonly<Record<keyof TemplateSource, Template[]>>;

/**
 * Loads and checks all templates of a folder.
 * @throws Error naming every fault: a missing unsubscribe link, postal address or locale, a variable that does not exist
 */
export function loadTemplates(dir: string): Templates {
  const faults: TemplateFault[] = [];
  const compiled = new Map<string, ReadonlyMap<string, Compiled>>();
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const locales = new Map<string, Compiled>();
    for (const file of readdirSync(join(dir, entry.name)).filter((name) => name.endsWith('.yaml'))) {
      const where = `${entry.name}/${file}`;
      const template = compileTemplate(readFileSync(join(dir, entry.name, file), 'utf8'), where, faults);
      if (template !== undefined) locales.set(basename(file, '.yaml').toLowerCase(), template);
    }
    if (!locales.has(lastLocale)) faults.push({ where: entry.name, what: `has no ${lastLocale}.yaml to fall back to` });
    compiled.set(entry.name, locales);
  }
  if (faults.length > 0) {
    throw new Error(`The templates are not complete:\n${faults.map(({ where, what }) => `  ${where}: ${what}`).join('\n')}`);
  }

  const find = (key: string, locale: string): Compiled => {
    const locales = compiled.get(key);
    const [language = lastLocale] = locale.toLowerCase().split(/[-_]/);
    const found = locales?.get(locale.toLowerCase()) ?? locales?.get(language) ?? locales?.get(lastLocale);
    if (found === undefined) throw new Error(`There is no template ${key}`);
    return found;
  };
  return {
    keys: [...compiled.keys()].sort(),
    email: (key, locale, variables) => {
      const template = find(key, locale);
      return {
        subject: oneLine(render(plain, template.subject, variables)),
        html: render(markup, template.html, variables),
        text: render(plain, template.text, variables),
      };
    },
    sms: (key, locale, variables) => oneLine(render(plain, find(key, locale).sms, variables)),
  };
}

function compileTemplate(yaml: string, where: string, faults: TemplateFault[]): Compiled | undefined {
  try {
    const source = templateFile.parse(parse(yaml));
    const found = lintTemplate(source, where, (text) => plain.globalFullVariablesSync(text));
    faults.push(...found);
    return {
      subject: plain.parse(source.subject),
      html: markup.parse(source.html),
      text: plain.parse(source.text),
      sms: plain.parse(source.sms),
    };
  } catch (error) {
    faults.push({
      where,
      what: error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
}

function render(engine: Liquid, template: Template[], variables: TemplateVariables): string {
  return String(engine.renderSync(template, variables));
}

/** A subject and a text message have no line breaks; a name must not be able to bring one in. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
