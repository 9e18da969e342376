import { IANAZone } from 'luxon';
import { isLocale } from '../../platform/locales.js';
import type { Channel } from '../contact-point.entity.js';
import { formatsOf, type DateFormat } from './date-format.js';
import { formatsOfNumbers } from './number-format.js';

/** The values of one column in the rows that were looked at. */
export interface Column {
  readonly name: string;
  /** As they stand, trimmed; blank ones left out. */
  readonly values: readonly string[];
  readonly rows: number;
}

/** What a column seems to hold. */
export type Looks =
  | { readonly kind: 'nothing' | 'email' | 'phone' | 'zone' | 'locale' | 'category' | 'text' }
  /** No value comes twice, and none is missing. */
  | { readonly kind: 'identifier' }
  /** What each of its words means; `blank` where an empty cell is the other answer. */
  | { readonly kind: 'yes-no'; readonly words: Readonly<Record<string, boolean>>; readonly blank: boolean | undefined }
  /** `written`: those that say how numbers are written, the whole ones left out. */
  | { readonly kind: 'number'; readonly whole: boolean; readonly written: readonly string[]; readonly currency: string | undefined }
  | { readonly kind: 'date'; readonly formats: readonly DateFormat[] };

/** What people call the columns that mean something to this product, in the languages that its files come in. */
const called = {
  identifier: /(^|[^a-z])(id|nr|no|num|key|ref)([^a-z]|$)|number|nummer|n[uú]mero|kunde|customer|client|account|konto/i,
  phone: /phone|mobil|telefon|t[eé]l|handy|cell|gsm|whatsapp|msisdn|sms/i,
  locale: /lang|sprach|locale|idioma/i,
} as const;

/** Says what a column holds, from its values first and its name where they do not tell. */
export function lookAt({ name, values, rows }: Column): Looks {
  if (values.length === 0) return { kind: 'nothing' };
  const most = (test: (value: string) => boolean): boolean => values.filter(test).length >= values.length * 0.9;
  const distinct = new Set(values);
  if (most((value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value))) return { kind: 'email' };
  if (most((value) => value.includes('/') && IANAZone.isValidZone(value))) return { kind: 'zone' };
  const answers = yesNo(distinct, values.length < rows);
  if (answers !== undefined) return answers;
  const unique = distinct.size === rows && rows > 1 && values.every((value) => /^[\p{L}\p{N}][\p{L}\p{N}_/-]*$/u.test(value));
  if (unique && called.identifier.test(name) && !called.phone.test(name)) return { kind: 'identifier' };
  if (called.phone.test(name) && most((value) => /^'?[+(]?[\d\s()/.-]{6,}$/.test(value))) return { kind: 'phone' };
  if (called.locale.test(name) && most((value) => value.length <= 11 && isLocale(value))) return { kind: 'locale' };
  const dates = shared(values, (value) => formatsOf(value.split(/[ T]/)[0] ?? ''));
  if (dates.length > 0) return { kind: 'date', formats: dates };
  const number = asNumber(values);
  if (number !== undefined) return number;
  if (unique && values.every((value) => /\d/.test(value))) return { kind: 'identifier' };
  return { kind: distinct.size <= Math.max(2, Math.min(40, values.length / 3)) ? 'category' : 'text' };
}

const yes = new Set(['yes', 'y', 'ja', 'j', 'true', '1', 'si', 'sí', 's', 'oui', 'o', 'x', 'wahr', 'on', 'tak']);
const no = new Set(['no', 'n', 'nein', 'false', '0', 'non', 'falsch', 'off', 'nie']);

function yesNo(distinct: ReadonlySet<string>, hasBlanks: boolean): Looks | undefined {
  const words = [...distinct];
  const known = words.every((word) => yes.has(word.toLowerCase()) || no.has(word.toLowerCase()));
  if (!known || words.length > 4) return undefined;
  const meant = Object.fromEntries(words.map((word) => [word, yes.has(word.toLowerCase())]));
  const meanings = new Set(Object.values(meant));
  if (meanings.size === 1 && !hasBlanks) return undefined;
  return { kind: 'yes-no', words: meant, blank: meanings.size === 1 ? !meanings.has(true) : undefined };
}

function asNumber(values: readonly string[]): Looks | undefined {
  const bare = values.map((value) => value.replace(/^([A-Z]{3}|\p{Sc})\s*|\s*([A-Z]{3}|\p{Sc})$/gu, ''));
  // A number that begins with 0 is a code, such as a postcode.
  if (formatsOfNumbers(bare).length === 0 || bare.some((value) => /^0\d/.test(value))) return undefined;
  const written = bare.filter((value) => !/^[-+]?\d+$/.test(value));
  const marks = new Set(values.flatMap((value) => /[A-Z]{3}|\p{Sc}/u.exec(value)?.[0] ?? []));
  const [mark] = marks;
  return {
    kind: 'number',
    whole: written.length === 0,
    written,
    currency: marks.size === 1 && mark !== undefined ? (currencyOf[mark] ?? mark) : undefined,
  };
}

const currencyOf: Readonly<Record<string, string>> = { '€': 'EUR', '£': 'GBP' };

/** What every one of the values has. */
export function shared<Item>(values: readonly string[], of: (value: string) => readonly Item[]): Item[] {
  const [first, ...rest] = values;
  if (first === undefined) return [];
  return rest.reduce<Item[]>(
    (left, value) => {
      if (left.length === 0) return left;
      const own = of(value);
      return left.filter((each) => own.includes(each));
    },
    [...of(first)],
  );
}

/** The channel that a column of consent is about, by its name. */
export function consentChannel(name: string): Channel | undefined {
  if (!/newsletter|consent|opt.?in|werbung|einwilligung|zustimmung|permission|marketing|subscri|consenti|offers?/i.test(name))
    return undefined;
  if (/whatsapp/i.test(name)) return 'whatsapp';
  return /sms|text|mobil|phone|telefon/i.test(name) ? 'sms' : 'email';
}

/** Whether a yes-or-no column says who has left, by its name. */
export function saysWhoLeft(name: string): boolean {
  return /churn|left|attrition|exit|gek(ü|ue)ndigt|k(ü|ue)ndigung|abgewandert|abgang|verloren|cancel|closed|lost|baja|r[eé]sili|parti/i.test(
    name,
  );
}
