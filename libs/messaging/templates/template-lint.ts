import type { TextRules } from '../channels/template-part.js';
import { variableNames, valueOf, type TemplateVariables } from './template-variables.js';

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
  known: sample({ name: 'Ada Berg', title: '12 EUR off your next bill', expires: '5 March', voucher: 'SAMPLE-CODE' }),
  unknown: sample({ name: '', title: '', expires: '', voucher: '' }),
};

function sample({ name, ...offer }: { name: string; title: string; expires: string; voucher: string }): TemplateVariables {
  return {
    company: { name: 'Sample Company', address: '1 Sample Street' },
    customer: { name },
    offer,
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

/** What has to show and does not, for a customer of whom everything is known, or nothing. */
export function notShown(
  names: readonly string[],
  render: (variables: TemplateVariables) => string,
  { shows = [], says = [] }: TextRules,
): TextFault[] {
  const speaksOfOffer = names.some((name) => name.startsWith('offer.'));
  const known = render(samples.known);
  const unknown = render(samples.unknown);
  const missing = shows.filter((name) =>
    [samples.known, samples.unknown].some((each) => !(each === samples.known ? known : unknown).includes(valueOf(each, name))),
  );
  return [
    ...missing.map((name) => ({ what: `{{ ${name} }} is missing` })),
    ...says.filter((word) => !known.includes(word) || !unknown.includes(word)).map((word) => ({ what: `does not say ${word}` })),
    ...(speaksOfOffer && shows.length > 0 && !known.includes(samples.known.links.accept)
      ? [{ what: '{{ links.accept }} is missing, though it speaks of an offer' }]
      : []),
  ];
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
