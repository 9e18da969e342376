import type { TextRules } from '../../channels/contract/template-part.js';
import { purposes } from '../../channels/purpose.js';
import { MissingValue } from './missing-values.js';
import { lastLocale } from '../../channels/contract/template-locale.js';
import {
  namedValues,
  needOf,
  variableNames,
  type NamedValues,
  type Need,
  type TemplateVariables,
  type VariableName,
} from '../../channels/contract/template-variables.js';

/** An error in one text, and the words by which its line is found. */
export interface TextError {
  readonly what: string;
  readonly at?: string;
}

/**
 * The cases of what may be known about a customer when a message is composed. A required value must show in each case in which the text can
 * be composed.
 */
export const samples = {
  known: sample({ name: 'Ada Berg', offered: true }),
  nameless: sample({ name: '', offered: true }),
  offerless: sample({ name: 'Ada Berg', offered: false }),
  unknown: sample({ name: '', offered: false }),
} satisfies Readonly<Record<string, TemplateVariables>>;

function sample({ name, offered }: { name: string; offered: boolean }): TemplateVariables {
  return {
    company: { name: 'Sample Company', address: '1 Sample Street' },
    customer: { name, locale: lastLocale, timeZone: null },
    offer: offered
      ? { title: '12 EUR off your next bill', expiresAt: new Date('2026-03-05T12:00:00Z'), voucher: 'SAMPLE-CODE' }
      : { title: '', expiresAt: null, voucher: '' },
    message: { purpose: 'marketing' },
    links: {
      accept: offered ? 'https://sample.invalid/accept' : '',
      unsubscribe: 'https://sample.invalid/unsubscribe',
      preferences: 'https://sample.invalid/preferences',
    },
    tracked: (link) => `https://sample.invalid/l/${link}`,
  };
}

/** What a text requires, with the name of the variable: found by rendering it for customers without that value. */
export function needsOf(render: (variables: TemplateVariables) => unknown): ReadonlyMap<Need, string> {
  const needs = new Map<Need, string>();
  const nameless = missingIn(render, samples.nameless);
  if (nameless !== undefined) needs.set('customer.name', nameless);
  const offerless = missingIn(render, samples.offerless);
  if (offerless !== undefined) needs.set('offer', offerless);
  // Values that fail only if both are missing.
  const both = missingIn(render, samples.unknown);
  const need = both === undefined ? undefined : needOf(both);
  if (both !== undefined && need !== undefined && !needs.has(need)) needs.set(need, both);
  return needs;
}

/** The value that keeps a text from being composed; undefined if it can be. */
function missingIn(render: (variables: TemplateVariables) => unknown, variables: TemplateVariables): string | undefined {
  try {
    render(variables);
    return undefined;
  } catch (error) {
    if (error instanceof MissingValue) return error.value;
    throw error;
  }
}

/** Names in a text that do not exist. */
export function unknownNames(names: readonly string[], links: readonly string[]): TextError[] {
  const known = new Set<string>([...variableNames, ...links.map((name) => `links.${name}`)]);
  return names
    .filter((name) => !known.has(name))
    .map((name) => ({
      at: name,
      what: name.startsWith('links.') ? `{{ ${name} }} is not declared under links` : `{{ ${name} }} does not exist`,
    }));
}

/** Required values that do not show for some customer for whom the text can be composed, for any purpose of the message. */
export function notShown(
  names: readonly string[],
  render: (variables: TemplateVariables) => string,
  { shows = [], says = [] }: TextRules,
): TextError[] {
  const speaksOfOffer = names.some((name) => name.startsWith('offer.'));
  const every = Object.values(samples).flatMap((sample) => purposes.map((purpose) => ({ ...sample, message: { purpose } })));
  const rendered = every
    .filter((variables) => missingIn(render, variables) === undefined)
    .map((variables) => ({
      offers: variables.offer.voucher !== '',
      values: namedValues(variables, lastLocale),
      text: render(variables),
    }));
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
/** Allowed targets: links that the file declares, a mailbox or a phone, or a place within the mail. */
const soundHref = /^(\{\{-?\s*links\.[a-z0-9_]+\s*-?\}\}|mailto:[^\s"'<>]+|tel:[+0-9-]+|#[\w-]*)$/i;
const insecure = /\b(?:src|background|href|action)\s*=\s*["']?\s*(http:[^"'\s>]*)|url\(\s*["']?(http:[^"')]*)/gi;

/** Links in HTML that are not safe, or whose clicks could not be counted. */
export function badMarkupLinks(html: string): TextError[] {
  const targets = [...html.matchAll(href)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  const http = [...html.matchAll(insecure)].map((match) => match[1] ?? match[2] ?? '');
  return [
    ...http.map((target) => ({ at: target, what: `${target} is not https` })),
    ...targets.filter((target) => !soundHref.test(target) && !http.includes(target)).map(undeclared),
  ];
}

/** Addresses written directly in a text. */
export function badTextLinks(text: string): TextError[] {
  return [...text.matchAll(/\bhttps?:\/\/[^\s"'<>]*/gi)].map(([target]) =>
    /^http:/i.test(target) ? { at: target, what: `${target} is not https` } : undeclared(target),
  );
}

function undeclared(target: string): TextError {
  return {
    at: target,
    what: `${target === '' ? 'an empty link' : target} is not declared: name it under links, and write {{ links.<name> }}`,
  };
}
