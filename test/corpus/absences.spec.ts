import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectFile } from '../../libs/platform/project-file.js';
import { createClassifier, type Classifier } from '../../libs/responses/classify.js';
import { loadReplyWords } from '../../libs/responses/reply-words.js';

const lists = z.record(z.string(), z.array(z.string()));
const read = async (name: string): Promise<[string, string][]> =>
  Object.entries(lists.parse(parse(await readFile(projectFile('test', 'corpus', 'absences', name), 'utf8')))).flatMap(([key, texts]) =>
    texts.map((text): [string, string] => [key, text]),
  );

let classify: Classifier;
beforeAll(async () => {
  classify = createClassifier(await loadReplyWords(projectFile('config', 'replies')));
});
const answerTo = (text: string): string =>
  classify({ channel: 'email', text, subject: 'Re: An offer for you', headers: { 'return-path': '<anna@example.test>' } }).answer;

it('what a program writes for somebody who is away is an auto-reply, in many languages and without a header', async () => {
  const notes = await read('notes.yaml');
  expect(notes.length).toBeGreaterThanOrEqual(70);
  expect(new Set(notes.map(([language]) => language)).size).toBeGreaterThanOrEqual(15);
  const wrong = notes.map(([language, text]) => [language, answerTo(text), text]).filter(([, answer]) => answer !== 'auto-reply');
  expect(wrong).toEqual([]);
});

it('a person’s own words go before those of an absence, and never accept beside them', async () => {
  const wrong = (await read('people.yaml'))
    .filter(([wanted]) => wanted !== 'people')
    .map(([wanted, text]) => [wanted, answerTo(text), text])
    .filter(([wanted, got]) => wanted !== got);
  expect(wrong).toEqual([]);
});

it('a short text in the first person without the form of a notice is never an absence', async () => {
  const people = (await read('people.yaml')).filter(([wanted]) => wanted === 'people');
  expect(people.length).toBeGreaterThanOrEqual(20);
  const wrong = people.map(([, text]) => [answerTo(text), text]).filter(([answer]) => answer === 'auto-reply');
  expect(wrong).toEqual([]);
});
