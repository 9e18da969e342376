import { z } from 'zod';
import { readConfigFile } from '../platform/config-file.js';
import { findPhrase, findPhrases, type Finder, plainText } from '../platform/wording.js';

const phrases = z.array(z.string().min(1));
const file = z.record(
  z.string().regex(/^[a-z]{2}$/),
  z.strictObject({
    enough: phrases,
    together: phrases,
    beside: phrases,
    ours: phrases.default([]),
    self: phrases.default([]),
    form: phrases.default([]),
  }),
);

const longest = 4_000;
/** `5.12.`, `5 December`, `May 5th`: an absence note gives its last day. */
const date = /(?<!\d)\d{1,2}(?:\s?[./]\s?\d{1,2}(?!\d)|(?:\.|th|st|nd|rd)?\s{1,3}\p{L}{3})|\p{L}{3}\s{1,3}\d{1,2}(?!\d)/u;
const table = readTable();

/** A notice without another sign of one has more words than this. */
const mostInRemark = 12;

/** What a text says about an absence. */
export interface Absence {
  /** The phrase that shows it. */
  readonly because: string;
  /** A person may have written it: it is short, is about its writer, and has no sign of a notice. */
  readonly isRemark: boolean;
}

/**
 * Whether a text says in its own words that a program sent it: for somebody who is away or no longer there, as a receipt, or because nobody
 * reads the mailbox.
 */
export function absenceIn(text: string): Absence | undefined {
  const plain = plainText(text, longest);
  const dated = date.test(text.slice(0, longest));
  return table.map((language) => saysSo(language, plain, dated)).find((absence) => absence !== undefined);
}

/** Whether a text refers to our message, as only a person does. */
export function speaksOfOurs(text: string): boolean {
  const plain = plainText(text, longest);
  return table.some(({ ours }) => ours(plain) !== undefined);
}

/** Words of one language only: words of several languages are not combined. */
function saysSo({ enough, together, beside, self, form }: Words, plain: string, dated: boolean): Absence | undefined {
  const found = enough(plain);
  const [first, second] = together(plain);
  const formed = dated || beside(plain).length > 0;
  if (found !== undefined) {
    const short = plain.trim().split(' ').length <= mostInRemark;
    return { because: found, isRemark: short && !formed && form(plain) === undefined && self(plain) !== undefined };
  }
  return first !== undefined && (second !== undefined || formed) ? { because: first, isRemark: false } : undefined;
}

type Words = (typeof table)[number];

function readTable(): readonly {
  enough: Finder;
  together: ReturnType<typeof findPhrases>;
  beside: ReturnType<typeof findPhrases>;
  ours: Finder;
  self: Finder;
  form: Finder;
}[] {
  return Object.values(readConfigFile('absences.yaml', file)).map(({ enough, together, beside, ours, self, form }) => ({
    enough: findPhrase(enough),
    together: findPhrases(together),
    beside: findPhrases(beside),
    ours: findPhrase(ours),
    self: findPhrase(self),
    form: findPhrase(form),
  }));
}
