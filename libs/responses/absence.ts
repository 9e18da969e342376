import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectFile } from '../platform/project-file.js';
import { findPhrase, findPhrases, type Finder, plainText } from '../platform/wording.js';

const phrases = z.array(z.string().min(2));
const file = z.record(
  z.string().regex(/^[a-z]{2}$/),
  z.strictObject({ enough: phrases, together: phrases, beside: phrases, ours: phrases.default([]) }),
);

const longest = 4_000;
/** `5.12.`, `5 December`, `May 5th`: who is away says until when. */
const date = /(?<!\d)\d{1,2}(?:\s?[./]\s?\d{1,2}(?!\d)|(?:\.|th|st|nd|rd)?\s{1,3}\p{L}{3})|\p{L}{3}\s{1,3}\d{1,2}(?!\d)/u;
const table = readTable();

/**
 * Does a text say by its own words that a program sent it: for somebody who is away or has left, to say that something was
 * received, or that nobody reads here?
 * @returns the phrase that says so
 */
export function absenceIn(text: string): string | undefined {
  const plain = plainText(text, longest);
  const dated = date.test(text.slice(0, longest));
  return table.map((language) => saysSo(language, plain, dated)).find((phrase) => phrase !== undefined);
}

/** Does a text speak of what we wrote, as only a person does? */
export function speaksOfOurs(text: string): boolean {
  const plain = plainText(text, longest);
  return table.some(({ ours }) => ours(plain) !== undefined);
}

/** Words of one language only: those of several do not join. */
function saysSo({ enough, together, beside }: Words, plain: string, dated: boolean): string | undefined {
  const found = enough(plain);
  if (found !== undefined) return found;
  const [first, second] = together(plain);
  return second !== undefined || dated || beside(plain).length > 0 ? first : undefined;
}

type Words = (typeof table)[number];

function readTable(): readonly {
  enough: Finder;
  together: ReturnType<typeof findPhrases>;
  beside: ReturnType<typeof findPhrases>;
  ours: Finder;
}[] {
  const parsed = file.safeParse(parse(readFileSync(projectFile('config', 'absences.yaml'), 'utf8')));
  if (!parsed.success) throw new Error(`config/absences.yaml is not valid:\n${z.prettifyError(parsed.error)}`);
  return Object.values(parsed.data).map(({ enough, together, beside, ours }) => ({
    enough: findPhrase(enough),
    together: findPhrases(together),
    beside: findPhrases(beside),
    ours: findPhrase(ours),
  }));
}
