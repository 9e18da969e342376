import { isSupportedCountry } from 'libphonenumber-js';
import { IANAZone } from 'luxon';
import { isCurrency } from '../../platform/currencies.js';
import { isLocale } from '../../platform/locales.js';
import { channelKinds, channels, type Channel } from '../../channels/table.js';
import { saysChurned } from '../../scoring/declare/words.js';
import { formatsOf, type DateFormat } from './date-format.js';
import { numbersIn } from './number-format.js';

/** One column in the examined rows. */
export interface Column {
  readonly name: string;
  /** One for each row, trimmed; also blank ones. */
  readonly cells: readonly { readonly line: number; readonly text: string }[];
}

/** What a column seems to contain. */
export type Looks =
  | { readonly kind: 'nothing' | 'email' | 'phone' | 'zone' | 'locale' | 'country' | 'category' | 'text' }
  /** No value comes twice, and none is missing. */
  | { readonly kind: 'identifier' }
  /** The meaning of each of its words; `blank` if an empty cell is the other answer. */
  | { readonly kind: 'yes-no'; readonly words: Readonly<Record<string, boolean>>; readonly blank: boolean | undefined }
  /** `written`: the values that show how numbers are written, without whole numbers. */
  | { readonly kind: 'number'; readonly whole: boolean; readonly written: readonly string[]; readonly currency: string | undefined }
  | { readonly kind: 'date'; readonly formats: readonly DateFormat[] };

/** A kind that the great majority of a column has; `fits` checks one value. */
interface Guess {
  readonly looks: Looks;
  readonly fits: (value: string) => boolean;
}

/** The share of a column that must have one kind: less is enough if its name shows that kind. */
const share = { unnamed: 0.95, named: 0.8 } as const;

/** Common names of the columns that this product uses, in the languages of the files. */
const called = {
  identifier: /(^|[^a-z])(id|nr|no|num|key|ref)([^a-z]|$)|number|nummer|n[uú]mero|kunde|customer|client|account|konto/i,
  /** Names that can only be the customer's number: "Kundennr", but not "Kunde seit" or "Kontostand". */
  ownNumber:
    /(^|[^a-z])(id|nr|key|ref)([^a-z]|$)|(kunden?|customer|client|user|member|mitglieds?|vertrags?|contract|account|konto)[\W_]*(id|nr|no|num|number|nummer)([^a-z]|$)|nummer$|n[uú]mero.*client/i,
  email: /mail|correo|courriel/i,
  zone: /zone/i,
  country: /country|(^|[^a-z])land([^a-z]|$)|l(ä|ae)nderc|pays|pa[ií]s|paese|nation/i,
  phone: /phone|mobil|telefon|t[eé]l|handy|cell|gsm|whatsapp|msisdn|sms/i,
  locale: /lang|sprach|locale|idioma/i,
  date: /dat(e|um|a)([^a-z]|$)|fecha|since|seit|depuis|(^|[^a-z])(am|at|on|le|ab)$|birth|geburt|geboren/i,
  number:
    /amount|balance|price|fee|charge|total|sum|count|revenue|betrag|saldo|stand$|preis|beitrag|geb(ü|ue)hr|umsatz|anzahl|summe|montant|prix|solde|importe|precio|prezzo|importo|bedrag|prijs|kwota|cena|belopp|bel(ø|oe)b|valor|mont(h|at)|mois|mes(i|es)|tenure|age([^a-z]|$)|alter/i,
} as const;

/**
 * Detects what a column contains, from its values first, and from its name if they are not enough. A few other cells change nothing.
 * @returns what it contains, and the lines of the other cells
 */
export function lookAt(column: Column): { readonly looks: Looks; readonly unfit: readonly number[] } {
  const values = column.cells.flatMap(({ text }) => (text === '' ? [] : [text]));
  if (values.length === 0) return { looks: { kind: 'nothing' }, unfit: [] };
  const { name } = column;
  const guess = ofShape(name, values) ?? yesNo(name, values, values.length < column.cells.length) ?? asDate(name, values);
  if (guess !== undefined) return withUnfit(guess, column);
  const own = repeatedOrBlank(column);
  if (isOwnNumber(name, column, own)) return { looks: { kind: 'identifier' }, unfit: own };
  const other = asPhoneOrLocale(name, values) ?? asNumber(name, values);
  if (other !== undefined) return withUnfit(other, column);
  if (
    own.length <= column.cells.length * (1 - share.unnamed) &&
    column.cells.length > 1 &&
    mostOf(values, (value) => /\d/.test(value), false)
  )
    return { looks: { kind: 'identifier' }, unfit: own };
  const kind = new Set(values).size <= Math.max(2, Math.min(40, values.length / 3)) ? 'category' : 'text';
  return { looks: { kind }, unfit: [] };
}

function withUnfit({ looks, fits }: Guess, { cells }: Column): { looks: Looks; unfit: number[] } {
  return { looks, unfit: cells.flatMap(({ line, text }) => (text === '' || fits(text) ? [] : [line])) };
}

function mostOf(values: readonly string[], fits: (value: string) => boolean, named: boolean): boolean {
  return values.filter(fits).length >= values.length * (named ? share.named : share.unnamed);
}

function ofShape(name: string, values: readonly string[]): Guess | undefined {
  const isEmail = (value: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value);
  if (mostOf(values, isEmail, called.email.test(name))) return { looks: { kind: 'email' }, fits: isEmail };
  const isZone = (value: string): boolean => value.includes('/') && IANAZone.isValidZone(value);
  if (mostOf(values, isZone, called.zone.test(name))) return { looks: { kind: 'zone' }, fits: isZone };
  const isCountry = (value: string): boolean => isSupportedCountry(value.toUpperCase());
  return called.country.test(name) && mostOf(values, isCountry, true) ? { looks: { kind: 'country' }, fits: isCountry } : undefined;
}

function asPhoneOrLocale(name: string, values: readonly string[]): Guess | undefined {
  const isPhone = (value: string): boolean => /^'?[+(]?[\d\s()/.-]{6,}$/.test(value);
  if (called.phone.test(name) && mostOf(values, isPhone, true)) return { looks: { kind: 'phone' }, fits: isPhone };
  const isTag = (value: string): boolean => value.length <= 11 && isLocale(value);
  return called.locale.test(name) && mostOf(values, isTag, true) ? { looks: { kind: 'locale' }, fits: isTag } : undefined;
}

/** Lines whose cell cannot be a customer's own number: blank, with several words, or a duplicate. */
function repeatedOrBlank({ cells }: Column): number[] {
  const before = new Set<string>();
  return cells.flatMap(({ line, text }) => {
    const own = /^[\p{L}\p{N}][\p{L}\p{N}_/-]*$/u.test(text) && !before.has(text);
    before.add(text);
    return own ? [] : [line];
  });
}

/** An ambiguous name, such as "Konto", needs a column without an error. */
function isOwnNumber(name: string, { cells }: Column, unfit: readonly number[]): boolean {
  if (cells.length < 2 || called.phone.test(name)) return false;
  if (unfit.length === 0) return called.identifier.test(name);
  return called.ownNumber.test(name) && unfit.length <= cells.length * (1 - share.named);
}

const yes = new Set(['yes', 'y', 'ja', 'j', 'true', '1', 'si', 'sí', 'sì', 's', 'oui', 'o', 'x', 'wahr', 'vrai', 'on', 'tak', 'sim']);
const no = new Set(['no', 'n', 'nein', 'false', '0', 'non', 'falsch', 'faux', 'off', 'nie', 'nee', 'nej', 'não', 'nao']);

function yesNo(name: string, values: readonly string[], hasBlanks: boolean): Guess | undefined {
  const named = consentChannel(name) !== undefined || saysChurned(name);
  const isAnswer = (value: string): boolean => yes.has(value.toLowerCase()) || no.has(value.toLowerCase());
  if (!mostOf(values, isAnswer, named)) return undefined;
  const words = [...new Set(values.filter(isAnswer))];
  const counts = words.every((word) => /^\d$/.test(word)) && values.some((value) => /^\d+$/.test(value) && !isAnswer(value));
  if (words.length > 4 || counts) return undefined;
  const meant = Object.fromEntries(words.map((word) => [word, yes.has(word.toLowerCase())]));
  const meanings = new Set(Object.values(meant));
  if (meanings.size === 1 && !hasBlanks && !named) return undefined;
  const blank = meanings.size === 1 && hasBlanks ? !meanings.has(true) : undefined;
  return { looks: { kind: 'yes-no', words: meant, blank }, fits: isAnswer };
}

/** The formats of all dates, otherwise those of the great majority. */
function asDate(name: string, values: readonly string[]): Guess | undefined {
  const formats = (value: string): DateFormat[] => formatsOf(value.split(/[ T]/)[0] ?? '');
  const dates = values.filter((value) => formats(value).length > 0);
  const named = called.date.test(name);
  if (dates.length === 0 || dates.length < values.length * (named ? share.named : share.unnamed)) return undefined;
  const all = shared(dates, formats);
  const most = [...new Set(dates.flatMap(formats))].filter((format) => mostOf(values, (value) => formats(value).includes(format), named));
  const chosen = all.length > 0 ? all : most;
  if (chosen.length === 0) return undefined;
  return { looks: { kind: 'date', formats: chosen }, fits: (value) => formats(value).some((format) => chosen.includes(format)) };
}

function asNumber(name: string, values: readonly string[]): Guess | undefined {
  const named = called.number.test(name);
  const digits = values.map(bareOf).filter((value) => /^[-+\u2212]?\d[\d.,'’‘\s]*$/u.test(value));
  // A number that begins with 0 is a code, such as a postcode.
  if (digits.length < values.length * (named ? share.named : share.unnamed) || digits.some((value) => /^0\d/.test(value))) return undefined;
  const numbers = numbersIn(digits);
  if (numbers.size === 0 || !mostOf(values, (value) => numbers.has(bareOf(value)), named)) return undefined;
  const written = [...numbers].filter((value) => !/^[-+]?\d+$/.test(value));
  const marks = new Set(values.flatMap((value) => (numbers.has(bareOf(value)) ? (/[A-Z]{3}|\p{Sc}/u.exec(value)?.[0] ?? []) : [])));
  const [mark = ''] = marks;
  const currency = currencyOf[mark] ?? mark;
  return {
    looks: {
      kind: 'number',
      whole: written.length === 0,
      written,
      currency: marks.size === 1 && isCurrency(currency) ? currency : undefined,
    },
    fits: (value) => numbers.has(bareOf(value)),
  };
}

/** An amount without the currency that stands before or after it. */
export const bareOf = (value: string): string =>
  value.replace(/^([A-Z]{3}|\p{Sc})\s*|\s*([A-Z]{3}|\p{Sc})$/gu, (mark) => (/[A-Z]/.test(mark) && !isCurrency(mark.trim()) ? mark : ''));

const currencyOf: Readonly<Record<string, string>> = { '€': 'EUR', '£': 'GBP' };

/** What all values have in common. */
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
  return namedChannel(name) ?? 'email';
}

/** Whether its name shows the channel of a column of consent; others may be about any. */
export const namesChannel = (name: string): boolean => namedChannel(name) !== undefined;

/** A later channel in the table has a more specific name: "text by WhatsApp" is not about texts. */
function namedChannel(name: string): Channel | undefined {
  return channels.findLast((channel) => channelKinds.get(channel).imports.consents.test(name));
}

/**
 * How likely a column of dates has the instants of another column's consents: by the common words of their names, and the channel.
 * @returns 0 if there is no evidence, or it names another channel
 */
export function likenessOfConsents(consent: { readonly column: string; readonly channel: Channel }, date: string): number {
  const channel = namedChannel(date);
  if (channel !== undefined && channel !== consent.channel) return 0;
  const words = wordsOf(consent.column);
  const sharedWords = wordsOf(date).filter((word) => words.includes(word)).length;
  return sharedWords + (consentChannel(date) === consent.channel || (channel === consent.channel && sharedWords > 0) ? 0.5 : 0);
}

/** Those that say what a column is about; "e-mail" is one word, and `emailOptIn` three. */
function wordsOf(name: string): string[] {
  const words = name
    .replace(/e[-_ ]mail/gi, 'email')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => word.length > 2 && !/^(dat(e|um|a)|kunden?|customer|client|since|seit|the|for|von|und|and)$/.test(word));
}
