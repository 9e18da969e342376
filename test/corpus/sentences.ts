import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectFile } from '../../libs/platform/project-file.js';
import { answers, type Answer } from '../../libs/journeys/answers/table.js';

/** Something that a customer writes back, and the answer that it is. */
export interface Sentence {
  /** Two letters, as in `de`. */
  readonly language: string;
  readonly text: string;
  readonly answer: Answer;
}

const file = z.array(z.strictObject({ text: z.string(), answer: z.enum(answers.names) })).min(1);

/** Reads the sentences of every language. */
export async function loadSentences(): Promise<Sentence[]> {
  const directory = projectFile('test', 'corpus', 'replies', 'sentences');
  const names = (await readdir(directory)).filter((name) => name.endsWith('.yaml')).sort();
  const files = await Promise.all(
    names.map(async (name) =>
      file.parse(parse(await readFile(`${directory}/${name}`, 'utf8'))).map((one) => ({ language: name.slice(0, 2), ...one })),
    ),
  );
  return files.flat();
}

/** What must never come of a misreading: an opt-out or an acceptance costs consent or money. */
export function isGrave(wanted: Sentence['answer'], got: Sentence['answer']): boolean {
  return got !== wanted && (got === 'opt-out' || got === 'accepted');
}
