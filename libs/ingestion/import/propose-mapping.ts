import { stringify } from 'yaml';
import { oneLine } from '../../platform/bounds.js';
import { languageOf } from './header-language.js';
import { channels, type Channel } from '../../channels/table.js';
import { saysChurned } from '../../scoring/declare/words.js';
import { inYaml, type Layout } from './layout.js';
import { consentChannel, likenessOfConsents, namesChannel, shared, type Looks } from './look-at-column.js';
import { lookAtFile, type FoundColumn, type FoundFile } from './look-at-file.js';
import { pointField } from './mapping.js';
import { formatsOfNumbers } from './number-format.js';
import type { ImportSource } from './text-file.js';

type Found = Omit<FoundColumn, 'cells'>;

/**
 * Examines a file and writes a mapping for it: encoding, delimiter, format of numbers and dates, content of the columns. It is a first
 * draft for a person: ambiguous parts are left open, and the import will ask for them.
 * @returns YAML
 * @throws Problem('invalid') if it is not text, Problem('not-found') if there is no such file
 */
export async function proposeMapping(source: ImportSource): Promise<string> {
  return mappingOfFile(await lookAtFile(source));
}

/** The mapping for a file that was looked at. */
export function mappingOfFile({ encoding, layout, columns }: FoundFile): string {
  const { lines, attributes } = mappingOf(columns);
  return `${[...about(encoding, layout, columns), ...lines, ...next(attributes)].join('\n')}\n`;
}

/** Under which name a model will know each column: an attribute, or what every customer has. */
export function namesForModels({ columns }: FoundFile): ReadonlyMap<string, string> {
  return mappingOf(columns).names;
}

function about(encoding: string, { delimiter }: Layout, found: readonly Found[]): string[] {
  return [
    '# A first draft: look at every line. docs/importing.md explains them.',
    'import: mine',
    ...currencyLines(found),
    localeLine(found),
    ...(encoding === 'utf-8'
      ? []
      : [`encoding: ${encoding}${encoding.startsWith('utf') ? '' : ' # look whether names with accents come out right'}`]),
    `delimiter: ${inYaml(delimiter)}`,
    ...formatLines('numbers', "'1234.56'", ofNumbers(found)),
    ...formatLines('dates', 'YYYY-MM-DD', ofDates(found)),
    '',
  ];
}

/** Said where the header is plainly in one language. */
function localeLine(found: readonly Found[]): string {
  const answers = found.flatMap(({ looks }) => (looks.kind === 'yes-no' ? Object.keys(looks.words) : []));
  const language = languageOf([...found.map(({ column }) => column), ...new Set(answers)]);
  const about = 'for new customers without a language in the file; existing customers keep theirs';
  return language === undefined ? `# locale: en # ${about}; else PERENNIAL_DEFAULT_LOCALE` : `locale: ${language} # ${about}`;
}

function currencyLines(found: readonly Found[]): string[] {
  const named = found.flatMap(({ looks }) => (looks.kind === 'number' && looks.currency !== undefined ? [looks.currency] : []));
  if (named[0] !== undefined) return [`currency: ${named[0]}`];
  return [`# currency: EUR # of amounts (type: money); ISO 4217. The file does not say`];
}

/** Said where there is one way to read all columns, left open where there are several, left out where it is the usual one. */
function formatLines(line: string, usual: string, { formats, needed }: { formats: readonly string[]; needed: boolean }): string[] {
  if (!needed) return [];
  const [only] = formats;
  if (formats.length === 1 && only !== undefined) return only === usual ? [] : [`${line}: ${only}`];
  if (formats.length === 0) return [`# ${line}: # columns differ; say it for each column`];
  return [
    `# The file could be read in ${formats.length} ways; remove the # before the right one.`,
    ...formats.map((format) => `# ${line}: ${format}`),
  ];
}

function ofNumbers(found: readonly Found[]): { formats: string[]; needed: boolean } {
  const written = found.flatMap(({ looks }) => (looks.kind === 'number' ? looks.written : []));
  const quoted = formatsOfNumbers(written).map((format) => (format.includes("'") ? `"${format}"` : `'${format}'`));
  return { formats: quoted, needed: written.length > 0 };
}

function ofDates(found: readonly Found[]): { formats: string[]; needed: boolean } {
  const each = found.flatMap(({ looks }) => (looks.kind === 'date' ? [looks.formats] : []));
  const index = each.map((_, place) => String(place));
  return { formats: shared(index, (place) => each[Number(place)] ?? []), needed: each.length > 0 };
}

/** The lines of the mapping, what of the file became attributes, and the names under which models know its columns. */
function mappingOf(found: readonly Found[]): { lines: string[]; attributes: readonly Found[]; names: ReadonlyMap<string, string> } {
  const taken = new Set<string>();
  const take = (wanted: (each: Found) => boolean): Found | undefined => {
    const one = found.find((each) => !taken.has(each.column) && wanted(each));
    if (one !== undefined) taken.add(one.column);
    return one;
  };
  const id = take(({ looks }) => looks.kind === 'identifier');
  const name =
    take(({ column, looks }) => /^(full.?|customer.?|kunden.?)?name$/i.test(column) && isWords(looks)) ??
    take(({ column, looks }) => /^(first|given|vor).?name$|^pr[eé]nom$|^nombre$/i.test(column) && isWords(looks)) ??
    take(({ column, looks }) => /name/i.test(column) && isWords(looks));
  const locale = take(({ looks }) => looks.kind === 'locale');
  const zone = take(({ looks }) => looks.kind === 'zone');
  const plan = take(({ column, looks }) => looks.kind === 'category' && /plan|tarif|product|produkt|package|paket/i.test(column));
  const charge = take(({ column, looks }) => looks.kind === 'number' && isCharge(column));
  const tenure = take(({ column, looks }) => looks.kind === 'number' && looks.whole && /tenure|month|monat|mois|mesi|meses/i.test(column));
  const email = take(({ looks }) => looks.kind === 'email');
  const phone = take(({ looks }) => looks.kind === 'phone');
  const country = found.find(({ looks }) => looks.kind === 'country');
  const addressed = new Set<string>([...(email ? ['email'] : []), ...(phone ? ['phone'] : [])]);
  const asked = new Set<string>();
  const consents = found.flatMap(({ column, looks, unfit }) => {
    const channel = looks.kind === 'yes-no' ? consentChannel(column) : undefined;
    if (looks.kind !== 'yes-no' || channel === undefined || !addressed.has(pointField(channel)) || asked.has(channel)) return [];
    asked.add(channel);
    taken.add(column);
    return [{ channel, column, looks, unfit }];
  });
  const addressedChannels = channels.filter((channel) => addressed.has(pointField(channel)));
  // One more column that speaks of consent is for a person to place: a guess would write to people who did not agree.
  const unplaced = found.flatMap(({ column, looks, unfit }): FoundConsent[] => {
    const channel = looks.kind === 'yes-no' && !taken.has(column) ? consentChannel(column) : undefined;
    if (looks.kind !== 'yes-no' || channel === undefined || consents.length === 0) return [];
    taken.add(column);
    const free = addressedChannels.filter((each) => !asked.has(each));
    const may = namesChannel(column) || free.length === 0 ? [channel] : free;
    return may.map((each) => ({ channel: each, column, looks, unfit }));
  });
  const sinceOf = consentDates(
    consents,
    found.filter(({ column, looks }) => looks.kind === 'date' && !taken.has(column)),
  );
  for (const { column } of sinceOf.values()) taken.add(column);
  const churned = take(({ column, looks }) => looks.kind === 'yes-no' && saysChurned(column));
  const rest = found.filter(({ column }) => !taken.has(column) && column !== '');
  const attributes = rest.filter(({ looks }) => isAttribute(looks));
  const names = attributeNames(attributes.map(attributeTitle));
  const lines = [
    'customer:',
    id === undefined
      ? "  external_id: { row: 'mine-{row}' } # no column identifies each customer, so the rows are numbered"
      : `  external_id: { column: ${scalar(id.column)} }${comment(unfitting(id.unfit, 'blank, or repeated'))}`,
    ...cell('name', name),
    ...cell('locale', locale),
    ...cell('time_zone', zone),
    ...cell('plan', plan, ', type: keyword'),
    ...cell('monthly_charge', charge, ', type: money'),
    ...cell('tenure', tenure, ', type: integer'),
    ...section('attributes:', [
      ...(churned?.looks.kind === 'yes-no'
        ? [
            `  churned_before: ${yesNoCell(churned.column, churned.looks)}${comment('what the churn score learns from', unfitting(churned.unfit))}`,
          ]
        : []),
      ...attributes.map(
        ({ column, looks, unfit }, index) =>
          `  ${names[index] ?? ''}: ${attributeCell(column, looks)}${comment(unfitting(unfit, unfitWords[looks.kind]))}`,
      ),
    ]),
    ...section('contact_points:', [
      ...cell('email', email),
      ...(phone === undefined
        ? []
        : [
            `  phone: { column: ${scalar(phone.column)}${country === undefined ? '' : `, country: { column: ${scalar(country.column)} }`} }${comment(
              `for numbers without their country${country === undefined ? '' : ', if its cell is empty'}: default_country: DE`,
              unfitting(phone.unfit, unfitWords.phone),
            )}`,
          ]),
    ]),
    ...section(
      'consents:',
      consents.length === 0
        ? []
        : [
            "  wording_version: 'unknown' # the text that customers agreed to, in your own records",
            ...consentLines(consents, sinceOf),
            ...unplacedLines(unplaced),
          ],
    ),
    ...(email === undefined && phone === undefined
      ? []
      : consents.length > 0
        ? []
        : ['# No column with consents was found. Without a consent nothing is sent.']),
    ...section('', ignored(rest)),
  ];
  const known = new Map(attributes.map(({ column }, index) => [column, names[index] ?? '']));
  for (const [name, one] of Object.entries({ plan, monthly_charge: charge, tenure, churned_before: churned }))
    if (one) known.set(one.column, name);
  return { lines, attributes, names: known };
}

interface FoundConsent {
  readonly channel: Channel;
  readonly column: string;
  readonly looks: Extract<Looks, { kind: 'yes-no' }>;
  readonly unfit: readonly number[];
}

/** The date of each consent, by the channel and the words that the names share; those that share most find each other first. */
function consentDates(consents: readonly FoundConsent[], dates: readonly Found[]): ReadonlyMap<string, Found> {
  const pairs = consents.flatMap(({ column, channel }) =>
    dates.map((date) => ({ channel, date, alike: likenessOfConsents({ column, channel }, date.column) })),
  );
  const sinceOf = new Map<string, Found>();
  const given = new Set<Found>();
  for (const { channel, date } of pairs.filter(({ alike }) => alike > 0).sort((a, b) => b.alike - a.alike)) {
    if (sinceOf.has(channel) || given.has(date)) continue;
    sinceOf.set(channel, date);
    given.add(date);
  }
  return sinceOf;
}

function consentLines(consents: readonly FoundConsent[], sinceOf: ReadonlyMap<string, Found>): string[] {
  const meaning = (granted: boolean): string => (granted ? 'granted' : 'withdrawn');
  return consents.map(({ channel, column, looks, unfit }) => {
    const since = sinceOf.get(channel);
    const words = Object.entries(looks.words).map(([word, granted]) => `'${word}': ${meaning(granted)}`);
    const givenAt = since === undefined ? '' : `, given_at: { column: ${scalar(since.column)} }`;
    const beside = comment(unfitting(unfit), unfitting(since?.unfit ?? [], unfitWords.date));
    return `  ${channel}: { column: ${scalar(column)}, values: { ${words.join(', ')} }${givenAt} }${beside}`;
  });
}

/** Columns of consent whose channel nobody said, or another column has: the import refuses them until a person has chosen. */
function unplacedLines(unplaced: readonly FoundConsent[]): string[] {
  return [...Map.groupBy(unplaced, ({ column }) => column)].flatMap(([column, choices]) => [
    `  # ${inComment(column)} speaks of consent as well. For which channel? Keep one line for each channel, or list the column under ignore:`,
    ...consentLines(choices, new Map()).map((line) => `  # ${line.trim()}`),
  ]);
}

/** A column's name as a comment has it: on one line. */
const inComment = (column: string): string => `“${oneLine(column)}”`;

const isWords = ({ kind }: Looks): boolean => kind === 'text' || kind === 'category';
const isAttribute = ({ kind }: Looks): boolean => ['yes-no', 'number', 'date', 'category', 'country'].includes(kind);
const isCharge = (column: string): boolean =>
  /month|monat|mensu|mois/i.test(column) && /charge|fee|price|preis|beitrag|geb(ü|ue)hr|rate|amount|betrag|prix|cuota/i.test(column);

function cell(name: string, found: Found | undefined, more = ''): string[] {
  if (found === undefined) return [];
  return [`  ${name}: { column: ${scalar(found.column)}${more} }${comment(unfitting(found.unfit, unfitWords[found.looks.kind]))}`];
}

const unfitWords: Readonly<Partial<Record<Looks['kind'], string>>> = {
  email: 'no e-mail address',
  phone: 'no phone number',
  zone: 'no time zone',
  locale: 'no language tag',
  country: 'no ISO 3166 country code',
  number: 'no number',
  date: 'no such date',
};
const linesShown = 3;

/** How many cells do not fit, and where they begin; undefined if all fit. */
function unfitting(lines: readonly number[], what = 'none of these'): string | undefined {
  if (lines.length === 0) return undefined;
  if (lines.length === 1) return `1 cell is ${what}, in line ${lines.join()}: its row will be skipped`;
  return `${lines.length} cells are ${what}, first in line ${lines.slice(0, linesShown).join(', ')}: their rows will be skipped`;
}

function comment(...said: readonly (string | undefined)[]): string {
  const all = said.filter((each) => each !== undefined);
  return all.length === 0 ? '' : ` # ${all.join('; ')}`;
}

function attributeCell(column: string, looks: Looks): string {
  if (looks.kind === 'yes-no') return yesNoCell(column, looks);
  const type =
    looks.kind === 'number'
      ? looks.whole
        ? 'integer'
        : 'number'
      : looks.kind === 'date'
        ? 'date'
        : looks.kind === 'country'
          ? 'text'
          : 'keyword';
  return `{ column: ${scalar(column)}, type: ${type} }`;
}

function yesNoCell(column: string, { words, blank }: Extract<Looks, { kind: 'yes-no' }>): string {
  const meant = Object.entries(words).map(([word, value]) => `'${word}': ${String(value)}`);
  return `{ column: ${scalar(column)}, values: { ${meant.join(', ')} }${blank === undefined ? '' : `, blank: ${String(blank)}`} }`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...(title === '' ? [] : [title]), ...lines];
}

/** Free text and identifiers: no rule could ask for them, and what is not needed of a person is not kept. */
function ignored(rest: readonly Found[]): string[] {
  const columns = rest.filter(({ looks }) => !isAttribute(looks)).map(({ column }) => scalar(column));
  return columns.length === 0 ? [] : [`ignore: [${columns.join(', ')}]`];
}

/** What comes after the import: rules and scores see what is declared. */
function next(mapped: readonly Found[]): string[] {
  const attributes = declarations(mapped);
  if (attributes.length === 0) return [];
  return [
    '',
    '# For rules to see these attributes, add them to config/attributes.yaml:',
    ...attributes.map(({ name, rule }) => `#   ${name}: { type: ${rule}, description: ... }`),
    '# For the churn score to learn from them, list them in a declaration like config/scores/churn.yaml (score --declaration mine.yaml):',
    ...attributes.flatMap(({ name, feature }) => (feature === undefined ? [] : [`#   ${name}: { type: ${feature} }`])),
  ];
}

/** A date is no feature: each has few customers. */
function declarations(mapped: readonly Found[]): { name: string; rule: string; feature: string | undefined }[] {
  const names = attributeNames(mapped.map(attributeTitle));
  return mapped.map(({ looks }, index) => {
    const name = names[index] ?? '';
    if (looks.kind === 'date') return { name, rule: 'string', feature: undefined };
    if (looks.kind === 'number') return { name, rule: 'number', feature: 'number' };
    return looks.kind === 'yes-no' ? { name, rule: 'boolean', feature: 'flag' } : { name, rule: 'string', feature: 'category' };
  });
}

const columnsOfEveryCustomer = [
  'external_id',
  'name',
  'status',
  'plan',
  'monthly_charge',
  'tenure',
  'time_zone',
  'locale',
  'churned_before',
];
const spelled: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', ø: 'oe', å: 'aa', æ: 'ae' };

/** Rules and the contact policy know a customer's country by that name. */
const attributeTitle = ({ column, looks }: Found): string => (looks.kind === 'country' ? 'country' : column);

/** Names in snake_case, each another: "Kontostand (EUR)" becomes kontostand_eur. */
function attributeNames(columns: readonly string[]): string[] {
  const taken = new Set<string>([...columnsOfEveryCustomer, ...Object.getOwnPropertyNames(Object.prototype)]);
  return columns.map((column) => {
    const plain = column
      .toLowerCase()
      .replace(/[äöüßøåæ]/g, (letter) => spelled[letter] ?? letter)
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 50);
    const base = /^[a-z]/.test(plain) ? plain : `column_${plain}`.replace(/_$/, '');
    let name = base;
    for (let count = 2; taken.has(name); count++) name = `${base}_${count}`;
    taken.add(name);
    return name;
  });
}

/** A text as YAML has it within braces. */
function scalar(text: string): string {
  return /^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(text) && !/^(yes|no|true|false|null|on|off|y|n)$/i.test(text)
    ? text
    : stringify(text, { defaultStringType: 'QUOTE_SINGLE' }).trim();
}
