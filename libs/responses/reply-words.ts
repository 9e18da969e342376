import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const phrases = z.array(z.string().min(1)).default([]);

/** How one answer is put in one language. Phrases are words separated by blanks; case and accents do not matter. */
const wording = z
  .object({
    /** The answer is this and nothing else but courtesies and what stands in `beside`. */
    whole: phrases,
    /** Means nothing by itself, but may stand beside what is in `whole`. */
    beside: phrases,
    /** Decides in a short answer, unless negated. */
    brief: phrases,
    /** Decides wherever it stands, unless negated. */
    anywhere: phrases,
  })
  .prefault({});

const language = z.strictObject({
  language: z.string().regex(/^[a-z]{2}$/),
  /** May stand beside any answer: please, thank you, hello. */
  courtesies: phrases,
  /** Turn round what follows: don't, never. */
  negations: phrases,
  /** May stand between a negation and what it turns round: don't *ever* stop. */
  bridges: phrases,
  /** Look like an opt-out and are none: "stop by", "bus stop". */
  spared: phrases,
  'opt-out': wording,
  'auto-reply': z
    .strictObject({
      /** A mail's subject begins so. */
      subject: phrases,
      /** Stands somewhere in the text. */
      anywhere: phrases,
    })
    .prefault({}),
  'opt-in': wording,
  help: wording,
  complaint: wording,
  declined: wording,
  accepted: wording,
  question: wording,
});

/** The answers that words decide. */
export const wordedAnswers = ['opt-out', 'opt-in', 'help', 'complaint', 'declined', 'accepted', 'question'] as const;
export type WordedAnswer = (typeof wordedAnswers)[number];
export type LanguageWords = z.infer<typeof language>;
/** The word lists of every language. */
export type ReplyWords = readonly LanguageWords[];

/** Reads the word list of one language. @throws ZodError where the list is not in the form above */
export function parseReplyWords(yaml: string): LanguageWords {
  return language.parse(parse(yaml));
}

/** Reads every `<language>.yaml` of a directory. */
export async function loadReplyWords(directory: string): Promise<ReplyWords> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(names.map(async (name) => parseReplyWords(await readFile(join(directory, name), 'utf8'))));
}
