import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { namesWith, type Answer } from '../journeys/answers/table.js';

const phrases = z.array(z.string().min(1)).default([]);

/** How one answer is put in one language. Phrases are words separated by blanks; case and accents do not matter. */
const forms = {
  /** The answer is this and nothing else but courtesies and what stands in `beside`. */
  whole: phrases,
  /** Means nothing alone, but may stand beside the words in `whole`. */
  beside: phrases,
  /** Decides where it is a clause of its own. */
  clause: phrases,
  /** Decides where a clause begins so. */
  opening: phrases,
  /** Decides wherever it stands, unless negated. */
  anywhere: phrases,
  /** Looks like this answer and is none: "stop by", "no problem". */
  except: phrases,
};
const wording = z.strictObject(forms).prefault({});

const common = {
  language: z.string().regex(/^[a-z]{2}$/),
  /** May stand beside any answer: please, thank you. */
  courtesies: phrases,
  /** Courtesies after which a name may stand: at the beginning ... */
  greetings: phrases,
  /** ... and at the end. */
  closings: phrases,
  /** Turn round what follows: don't, never. */
  negations: phrases,
  /** May stand between a negation and what it turns round: don't *ever* stop. */
  bridges: phrases,
  /** Turn round what stands before them, where a language puts its negation there: stop *ikke*. */
  'negations-after': phrases,
  /** But, however: what was said before is not all. */
  contrasts: phrases,
  /** If, unless, as long as. */
  conditions: phrases,
  /** Make a yes unsure wherever they stand: maybe, whatever, cancel. */
  doubts: phrases,
  /** Amounts and dates: a yes beside one is a yes to something else than what was offered. */
  terms: phrases,
  /** Praise, which accepts only if nothing else is said: "sounds good, but no" is a refusal. */
  polite: phrases,
  /** Ask for something to be done, rather than for an answer: could you. */
  requests: phrases,
  'opt-out': z
    .strictObject({
      ...forms,
      /** What an opt-out is about ... */
      messages: phrases,
      /** ... and what else may be ended: a contract, paper bills. */
      things: phrases,
    })
    .prefault({}),
  'auto-reply': z
    .strictObject({
      /** A mail's subject begins so. */
      subject: phrases,
      /** Stands somewhere in the text. */
      anywhere: phrases,
    })
    .prefault({}),
};

/** The answers that words decide. */
export const wordedAnswers = (): readonly Answer[] => namesWith(({ words }) => words !== undefined);

type Wording = z.output<typeof wording>;
export type LanguageWords = z.output<z.ZodObject<typeof common>> & Readonly<Partial<Record<Answer, Wording>>>;
/** The word lists of every language. */
export type ReplyWords = readonly LanguageWords[];

/** Reads the word list of one language. @throws ZodError if the list is not in the form above */
function parseReplyWords(yaml: string): LanguageWords {
  return languageWords().parse(parse(yaml));
}

/** The shape of the word list of one language. */
export function languageWords(): z.ZodType<LanguageWords> {
  const own = wordedAnswers().filter((answer) => !(answer in common));
  const language = z.strictObject({ ...common, ...Object.fromEntries(own.map((answer) => [answer, wording])) });
  return language as unknown as z.ZodType<LanguageWords>;
}

/** Reads every `<language>.yaml` of a directory. */
export async function loadReplyWords(directory: string): Promise<ReplyWords> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(names.map(async (name) => parseReplyWords(await readFile(join(directory, name), 'utf8'))));
}
