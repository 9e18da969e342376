import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { namesWith, type Answer } from '../journeys/answers/table.js';

const phrases = z.array(z.string().min(1)).default([]);

/** The words for one answer in one language. Phrases are words separated by blanks; case and accents do not matter. */
const forms = {
  /** The answer is only this, with courtesies and words in `beside`. */
  whole: phrases,
  /** Means nothing alone, but may stand beside the words in `whole`. */
  beside: phrases,
  /** Decides if it is a separate clause. */
  clause: phrases,
  /** Decides if a clause begins with it. */
  opening: phrases,
  /** Decides anywhere, unless negated. */
  anywhere: phrases,
  /** Looks like this answer, but is not: "stop by", "no problem". */
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
  /** Negate what follows: don't, never. */
  negations: phrases,
  /** May stand between a negation and what it negates: don't *ever* stop. */
  bridges: phrases,
  /** Negate what stands before them, in languages with that word order: stop *ikke*. */
  'negations-after': phrases,
  /** But, however: the text before it is not the whole answer. */
  contrasts: phrases,
  /** If, unless, as long as. */
  conditions: phrases,
  /** Make a yes uncertain anywhere: maybe, whatever, cancel. */
  doubts: phrases,
  /** Amounts and dates: a yes beside one is a yes to another offer. */
  terms: phrases,
  /** Praise, which accepts only if nothing else is said: "sounds good, but no" is a refusal. */
  polite: phrases,
  /** Request an action instead of an answer: could you. */
  requests: phrases,
  'opt-out': z
    .strictObject({
      ...forms,
      /** The objects of an opt-out ... */
      messages: phrases,
      /** ... and other things that may be ended: a contract, paper bills. */
      things: phrases,
    })
    .prefault({}),
  'auto-reply': z
    .strictObject({
      /** The beginning of a mail's subject. */
      subject: phrases,
      /** Anywhere in the text. */
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
