import type { TextRules } from '../channels/template-part.js';
import { purposes } from '../../customers/consent-event.entity.js';
import { lastLocale } from './template-locale.js';
import { namedValues, variableNames, type NamedValues, type TemplateVariables, type VariableName } from './template-variables.js';

/** What is wrong with a template, and where. */
export interface TemplateFault {
  /** As in `save-offer/de.yaml`. */
  readonly file: string;
  readonly field?: string;
  /** Of the file, from 1. */
  readonly line?: number | undefined;
  readonly what: string;
}

/** One line for a person: `save-offer/de.yaml:12 mjml: {{ customer.nam }} does not exist`. */
export function describeFault({ file, field, line, what }: TemplateFault): string {
  return `${file}${line === undefined ? '' : `:${line}`}${field === undefined ? '' : ` ${field}`}: ${what}`;
}

/** What is wrong with one text, and by which words its line is found. */
export interface TextFault {
  readonly what: string;
  readonly at?: string;
}

/** Customers of whom everything and nothing is known: what must show has to show for both. */
export const samples: Readonly<Record<'known' | 'unknown', TemplateVariables>> = {
  known: sample('Ada Berg', { title: '12 EUR off your next bill', expiresAt: new Date('2026-03-05T12:00:00Z'), voucher: 'SAMPLE-CODE' }),
  unknown: sample('', { title: '', expiresAt: null, voucher: '' }),
};

function sample(name: string, offer: TemplateVariables['offer']): TemplateVariables {
  return {
    company: { name: 'Sample Company', address: '1 Sample Street' },
    customer: { name, locale: lastLocale, timeZone: null },
    offer,
    message: { purpose: 'marketing' },
    links: {
      accept: 'https://sample.invalid/accept',
      unsubscribe: 'https://sample.invalid/unsubscribe',
      preferences: 'https://sample.invalid/preferences',
    },
    tracked: (link) => `https://sample.invalid/l/${link}`,
  };
}

/** Names that a text reads and that do not exist. */
export function unknownNames(names: readonly string[], links: readonly string[]): TextFault[] {
  const known = new Set<string>([...variableNames, ...links.map((name) => `links.${name}`)]);
  return names
    .filter((name) => !known.has(name))
    .map((name) => ({
      at: name,
      what: name.startsWith('links.') ? `{{ ${name} }} is not declared under links` : `{{ ${name} }} does not exist`,
    }));
}

/** What has to show and does not, for a customer of whom everything is known, or nothing, and whatever the message is for. */
export function notShown(
  names: readonly string[],
  render: (variables: TemplateVariables) => string,
  { shows = [], says = [] }: TextRules,
): TextFault[] {
  const speaksOfOffer = names.some((name) => name.startsWith('offer.'));
  const rendered = Object.values(samples).flatMap((sample) =>
    purposes.map((purpose) => {
      const variables = { ...sample, message: { purpose } };
      return { offers: sample === samples.known, values: namedValues(variables, lastLocale), text: render(variables) };
    }),
  );
  const missing = shows.filter((name) => rendered.some(({ values, text }) => !text.includes(valueOf(values, name))));
  return [
    ...missing.map((name) => ({ what: `{{ ${name} }} is missing` })),
    ...says.filter((word) => rendered.some(({ text }) => !text.includes(word))).map((word) => ({ what: `does not say ${word}` })),
    ...(speaksOfOffer && shows.length > 0 && rendered.some(({ offers, text }) => offers && !text.includes(samples.known.links.accept))
      ? [{ what: '{{ links.accept }} is missing, though it speaks of an offer' }]
      : []),
  ];
}

function valueOf(values: NamedValues, name: VariableName): string {
  const [group = '', field = ''] = name.split('.');
  return values[group as keyof NamedValues][field] ?? '';
}

const href = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
/** Links lead to what the file declares, to a mailbox or a phone, or within the mail. */
const soundHref = /^(\{\{-?\s*links\.[a-z0-9_]+\s*-?\}\}|mailto:[^\s"'<>]+|tel:[+0-9-]+|#[\w-]*)$/i;
const insecure = /\b(?:src|background|href|action)\s*=\s*["']?\s*(http:[^"'\s>]*)|url\(\s*["']?(http:[^"')]*)/gi;

/** Links in HTML that cannot be followed safely, or not be counted. */
export function badMarkupLinks(html: string): TextFault[] {
  const targets = [...html.matchAll(href)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  const http = [...html.matchAll(insecure)].map((match) => match[1] ?? match[2] ?? '');
  return [
    ...http.map((target) => ({ at: target, what: `${target} is not https` })),
    ...targets.filter((target) => !soundHref.test(target) && !http.includes(target)).map(undeclared),
  ];
}

/** Addresses that stand in a text as they are. */
export function badTextLinks(text: string): TextFault[] {
  return [...text.matchAll(/\bhttps?:\/\/[^\s"'<>]*/gi)].map(([target]) =>
    /^http:/i.test(target) ? { at: target, what: `${target} is not https` } : undeclared(target),
  );
}

function undeclared(target: string): TextFault {
  return {
    at: target,
    what: `${target === '' ? 'an empty link' : target} is not declared: name it under links, and write {{ links.<name> }}`,
  };
}
