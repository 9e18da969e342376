import { z } from 'zod';
import { channelKinds, channels, type Channel } from '../../channels/table.js';
import type { AnyTemplatePart, PartCompiler, Render, TemplatePart, TemplateRenderer } from '../../channels/contract/template-part.js';
import { CannotCompose } from '../../channels/contract/cannot-compose.js';
import { createCompiler } from './template-compiler.js';
import { isTemplateFile, readTemplateFiles, type TemplateFile } from './template-files.js';
import { layoutFile, type TemplateLayout } from '../../channels/contract/template-layout.js';
import { describeError, type ContentError, type ReportError } from '../../content/content-kind.js';
import { readDocuments, type Documents } from '../../content/documents.js';
import { shapeOf, type Source } from '../../content/source.js';
import { lastLocale, pickLocale, type PickedLocale } from '../../channels/contract/template-locale.js';
import { MissingValue } from './missing-values.js';
import { variableNames, type Need, type TemplateVariables } from '../../channels/contract/template-variables.js';
import { messageOf } from '../../platform/message-of.js';

/** The messages that campaigns may name. */
export interface Templates extends TemplateRenderer {
  readonly keys: readonly string[];
  /** The locales that a template is written in, sorted. */
  locales(key: string): readonly string[];
  /** The one for a customer of this locale. */
  pick(key: string, locale: string): PickedLocale;
  /** The channels for which the file for a customer of this locale has a text; with the company's own locale, those that every customer has. */
  channels(key: string, locale: string): readonly Channel[];
  /** What the file for a customer of this locale requires on a channel, with the name of the variable: `offer.title`. */
  needs(key: string, locale: string, channel: Channel): ReadonlyMap<Need, string>;
  /** Names of the links that it declares, in any locale. */
  links(key: string): readonly string[];
  /** The target of a declared link; undefined if no file of the template that may have been sent declares it. */
  link(key: string, locale: string, name: string): string | undefined;
}

/** One template in one locale, ready to be rendered. */
interface Compiled {
  readonly source: Readonly<Record<string, unknown>>;
  readonly links: Readonly<Record<string, string>>;
  /** By the part of the channel. */
  readonly renders: ReadonlyMap<AnyTemplatePart, Render<unknown>>;
  readonly needs: ReadonlyMap<Channel, ReadonlyMap<Need, string>>;
}

/** The templates of a folder, and their errors. */
export interface CheckedTemplates {
  readonly templates: Templates;
  readonly errors: readonly ContentError[];
}

const reserved = variableNames.filter((name) => name.startsWith('links.')).map((name) => name.slice('links.'.length));
const links = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,30}$/, 'is not a name of a link: lower-case letters, digits and _')
      .refine((name) => !reserved.includes(name), 'is the name of a link that every message has'),
    z
      .url({ protocol: /^https$/, hostname: z.regexes.domain, error: 'is not an https address' })
      .transform((target) => new URL(target).href),
  )
  .default({});

/** A template file, `config/templates/<key>/<locale>.yaml`: every channel's fields, and the links. */
function fileSchema() {
  const fields: z.ZodRawShape = Object.fromEntries(channelKinds.entries.flatMap(([, { template }]) => Object.entries(template.fields)));
  return z.strictObject({ ...fields, links });
}

/**
 * Loads and checks all templates of a folder.
 * @param company the company's own locale, the fallback before English
 * @throws Error with every error
 */
export async function loadTemplates(dir: string, company: string = lastLocale): Promise<Templates> {
  const { templates, errors } = await checkTemplates(await readDocuments(dir, isTemplateFile), company);
  if (errors.length > 0)
    throw new Error(`The templates are not complete:\n${errors.map((error) => `  ${describeError(error)}`).join('\n')}`);
  return templates;
}

/**
 * Checks all templates, and returns the errors; templates without an error can be rendered.
 * @param documents by their path in the templates' folder
 */
export async function checkTemplates(documents: Documents, company: string = lastLocale): Promise<CheckedTemplates> {
  const errors = new Map<string, ContentError>();
  const report = (error: ContentError): void => void errors.set(describeError(error), error);
  const { files, layout: layoutSource } = readTemplateFiles(documents);
  const layout = readLayout(layoutSource, report);
  const compiled = new Map<string, Map<string, Compiled>>();
  for (const key of new Set(files.map((file) => file.key))) {
    const there = files.filter((file) => file.key === key).map(({ locale }) => locale);
    if (pickLocale(there, company, company) === undefined) report({ file: key, what: `has no ${lastLocale}.yaml to fall back to` });
  }
  for (const file of files) {
    const locales = compiled.get(file.key) ?? new Map<string, Compiled>();
    compiled.set(file.key, locales);
    const template = await compileFile(file, layout, report);
    if (template !== undefined) locales.set(file.locale, template);
  }
  for (const [key, locales] of compiled) compareLocales(key, locales, company, report);
  return { templates: createTemplates(compiled, company), errors: [...errors.values()] };
}

function readLayout(source: Source | undefined, report: ReportError): TemplateLayout | undefined {
  if (source === undefined) return undefined;
  source.errors.forEach(report);
  return source.errors.length > 0 ? undefined : shapeOf(source, layoutFile, report);
}

async function compileFile(file: TemplateFile, layout: TemplateLayout | undefined, report: ReportError): Promise<Compiled | undefined> {
  file.errors.forEach(report);
  if (file.errors.length > 0) return undefined;
  const read = shapeOf(file, fileSchema(), report);
  if (read === undefined) return undefined;
  const compiler = createCompiler({
    source: file,
    layout,
    links: Object.keys(read.links),
    report,
  });
  const renders = new Map<AnyTemplatePart, Render<unknown>>();
  const needs = new Map<Channel, ReadonlyMap<Need, string>>();
  for (const [channel, { template }] of channelKinds.entries) {
    renders.set(template, await compilePart(template, read, compiler));
    needs.set(channel, compiler.takeNeeds());
  }
  return compiler.hasErrors ? undefined : { source: read, links: read.links, renders, needs };
}

/** The schema above has checked that the file has the fields of each part. */
function compilePart(part: AnyTemplatePart, source: unknown, compiler: PartCompiler): Render<unknown> | Promise<Render<unknown>> {
  return (part.compile as (source: unknown, compiler: PartCompiler) => Render<unknown> | Promise<Render<unknown>>)(source, compiler);
}

/** Every locale must have all parts of the last fallback: otherwise its customers would get less, or nothing. */
function compareLocales(key: string, locales: ReadonlyMap<string, Compiled>, company: string, report: ReportError): void {
  const last = pickLocale([...locales.keys()], company, company);
  const fallback = locales.get(last?.locale ?? '');
  if (last === undefined || fallback === undefined) return;
  for (const [locale, { source, links }] of locales) {
    const absent = [
      ...Object.keys(fallback.source).filter((field) => fallback.source[field] !== undefined && source[field] === undefined),
      ...Object.keys(fallback.links)
        .filter((name) => !(name in links))
        .map((name) => `links.${name}`),
    ];
    for (const field of absent) report({ file: `${key}/${locale}.yaml`, field, what: `is missing, and ${last.locale}.yaml has it` });
  }
}

function createTemplates(compiled: ReadonlyMap<string, ReadonlyMap<string, Compiled>>, company: string): Templates {
  const localesOf = (key: string): ReadonlyMap<string, Compiled> => {
    const locales = compiled.get(key);
    if (locales === undefined) throw new Error(`There is no template ${key}`);
    return locales;
  };
  const pick = (key: string, locale: string): PickedLocale => {
    const picked = pickLocale([...localesOf(key).keys()], locale, company);
    if (picked === undefined) throw new Error(`The template ${key} has no ${lastLocale}.yaml to fall back to`);
    return picked;
  };
  // Found texts by template and locale: the dispatcher needs the same few all the time.
  const found = new Map<string, Compiled['renders']>();
  const rendersOf = (key: string, locale: string): Compiled['renders'] => {
    const id = `${key} ${locale}`;
    const known = found.get(id);
    if (known !== undefined) return known;
    const renders = localesOf(key).get(pick(key, locale).locale)?.renders ?? new Map<AnyTemplatePart, Render<unknown>>();
    if (found.size < 10_000) found.set(id, renders);
    return renders;
  };
  return {
    keys: [...compiled]
      .filter(([, locales]) => pickLocale([...locales.keys()], company, company) !== undefined)
      .map(([key]) => key)
      .sort(),
    locales: (key) => [...localesOf(key).keys()].sort(),
    pick,
    channels: (key, locale) => {
      const source = localesOf(key).get(pick(key, locale).locale)?.source ?? {};
      return channels.filter((channel) =>
        Object.keys(channelKinds.get(channel).template.fields).some((field) => source[field] !== undefined),
      );
    },
    needs: (key, locale, channel) => localesOf(key).get(pick(key, locale).locale)?.needs.get(channel) ?? new Map(),
    links: (key) => [...new Set([...localesOf(key).values()].flatMap(({ links }) => Object.keys(links)))].sort(),
    link: (key, locale, name) => {
      const locales = compiled.get(key);
      if (locales === undefined) return undefined;
      // A customer may have changed the language since it was sent; every file has the links of its fallback.
      const chain = [pickLocale([...locales.keys()], locale, company)?.locale ?? '', ...locales.keys()];
      const holder = chain
        .map((each) => locales.get(each)?.links)
        .find((declared) => declared !== undefined && Object.hasOwn(declared, name));
      return holder?.[name];
    },
    render: <Content>(part: TemplatePart<z.ZodRawShape, Content>, key: string, locale: string, variables: TemplateVariables) => {
      const render = rendersOf(key, locale).get(part);
      if (render === undefined) throw new CannotCompose('template', `The template ${key} has nothing for this channel`);
      try {
        return render(variables) as Content;
      } catch (error) {
        throw new CannotCompose(error instanceof MissingValue ? 'missing-value' : 'template', `${key}: ${messageOf(error)}`);
      }
    },
  };
}
