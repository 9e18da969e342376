import type { Field } from './fields.js';
import { didYouMean } from '../platform/nearest.js';

/** A part of a rule in the syntax of another language: where it begins, and what to write instead. */
export interface Mistake {
  readonly start: number;
  readonly what: string;
}

/** How a kind of mistake is recognised, outside of quoted texts, and its message. Undefined if it is not a mistake. */
interface MistakeKind {
  readonly pattern: RegExp;
  readonly what: (match: RegExpExecArray, fields: readonly Field[]) => string | undefined;
}

const says = (what: string) => (): string => what;
const insteadOf = (right: string) => (match: RegExpExecArray) => `${match[0].trim()} is not known here; write ${right}`;

/** The first kind that matches is reported: special ones come before general ones. */
const kinds: readonly MistakeKind[] = [
  { pattern: /[“”„‟«»‘’‚‛]/u, what: ([mark]) => `${mark} is a typographic quote; write straight quotes, as in "basic"` },
  {
    // Unusual spaces and invisible characters, which come with copied text.
    pattern: /[\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]/u,
    what: says('there is an invisible character here; delete it and type a normal space'),
  },
  { pattern: /([=!])==/, what: (match) => `${match[0]} is not known here; write ${String(match[1])}=` },
  { pattern: /<>|(?<![<>=!])=!/, what: insteadOf('!=') },
  { pattern: /=>/, what: insteadOf('>=') },
  { pattern: /=</, what: insteadOf('<=') },
  { pattern: /(?<![=!<>])=(?!=)/, what: says('= compares nothing; write ==') },
  { pattern: /(?<!&)&(?!&)/, what: insteadOf('&&') },
  { pattern: /(?<!\|)\|(?!\|)/, what: insteadOf('||') },
  {
    pattern: /(?<![.\w])is\s+(not\s+)?null\b/i,
    what: (match) => insteadOf(match[1] === undefined ? '!has(customer.plan)' : 'has(customer.plan)')(match),
  },
  { pattern: /(?<![.\w])not\s+in\b/i, what: insteadOf('!(customer.plan in ["a", "b"])') },
  { pattern: /(?<![.\w])(not\s+)?like\b/i, what: insteadOf('customer.plan.startsWith("a"), .endsWith("a") or .contains("a")') },
  { pattern: /(?<![.\w])between\b/i, what: insteadOf('customer.tenure >= 3 && customer.tenure <= 5') },
  { pattern: /(?<![.\w])and\b/i, what: insteadOf('&&') },
  { pattern: /(?<![.\w])or\b/i, what: insteadOf('||') },
  { pattern: /(?<![.\w])not\b/i, what: insteadOf('! before what should not hold') },
  { pattern: /(?<![.\w])IN\b/, what: insteadOf('in') },
  {
    pattern: /(?<![.\w])(if|then|else|elif|when)\b/i,
    what: insteadOf('a condition alone, as in customer.tenure >= 3 && customer.partner'),
  },
  { pattern: /\bin\s*\(/, what: says('a list stands in square brackets; write in ["a", "b"]') },
  {
    pattern: /(\d+(?:[.,]\d+)?)\s*%/,
    what: ([written, number]) =>
      `${written} is not known here; write the share as a number, ${String(Number(number?.replace(',', '.')) / 100)}`,
  },
  {
    pattern: /[€$£¥]\s*\d+|\d\s*[€$£¥]/,
    what: says('amounts have no currency here; write the number alone, as in customer.monthly_charge >= 80'),
  },
  {
    pattern: /\d\s*(?:EUR|USD|GBP|CHF|JPY)\b/,
    what: says('amounts have no currency here; write the number alone, as in customer.monthly_charge >= 80'),
  },
  {
    pattern: /\d\s*(?:d|day|month|year|week|hour)s?\b/i,
    what: says('a number has no unit here; customer.tenure counts months, and events("ticket.opened", 30) looks back 30 days'),
  },
  { pattern: /([<>=]\s*-?\d+),(\d+)/, what: ([, whole, rest]) => `a number has a point; write ${String(whole)}.${String(rest)}` },
  { pattern: /(?<![.\w])segment\s*\(/i, what: says('a condition cannot name a segment; write the rule of the segment itself here') },
  {
    pattern: /(?<![.\w])(today|now|date|timestamp|duration|days_since|interval)\s*\(/i,
    what: (match) => `there is no ${String(match[1])}() here; write events("ticket.opened", 30) for what happened, or customer.tenure`,
  },
  {
    pattern: /(?<![.\w])([A-Za-z_]\w*)\s*\(/,
    what: ([, name = '']) =>
      known.includes(name)
        ? undefined
        : `there is no ${name}() here; there are events(kind, days) and has(customer.plan)${didYouMean(name, known)}`,
  },
  { pattern: /(?<![.\w])(?:True|TRUE|yes|Yes|YES|on)\b/, what: insteadOf('true') },
  { pattern: /(?<![.\w])(?:False|FALSE|no|No|NO|off)\b/, what: insteadOf('false') },
  {
    // A field without `customer.` or `score.`.
    pattern: /(?<![.\w[])([A-Za-z_]\w*)\b(?!\s*[.([\w])/,
    what: ([, name = ''], fields) => {
      const field = fields.find((each) => each.name.toLowerCase() === name.toLowerCase());
      return field === undefined ? undefined : `${name} stands alone; write ${field.of}.${field.name}`;
    },
  },
  {
    // A value without quotes.
    pattern: /(?:[=!<>]=|[<>])\s*((?!true\b|false\b|null\b|customer\b|score\b|events\b)[A-Za-z][\w-]*)(?!\s*[.([\w])/,
    what: ([, word = '']) => `the word ${word} needs quotes; write "${word}"`,
  },
];
const known = ['events', 'has', 'in'];

/** The mistake that most likely keeps a rule from being read; undefined if none is found. */
export function mistakeIn(source: string, fields: readonly Field[]): Mistake | undefined {
  const blanked = withoutTexts(source);
  for (const { pattern, what } of kinds) {
    for (const match of blanked.matchAll(new RegExp(pattern, `${pattern.flags}g`))) {
      const said = what(match, fields);
      if (said !== undefined) return { start: match.index + (/^[ \t\r\n]*/.exec(match[0])?.[0].length ?? 0), what: said };
    }
  }
  return undefined;
}

/** The rule without its quoted texts, with every other character at the same position. */
function withoutTexts(source: string): string {
  return source.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, (text) => `"${' '.repeat(text.length - 2)}"`);
}
