import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { projectFile } from '../libs/platform/project-file.js';

/** What is not read, with the reason. `words`: only these words may be there. The list only gets shorter. */
const exceptions: readonly { readonly path: string; readonly why: string; readonly words?: readonly string[] }[] = [
  { path: 'docs/words.md', why: 'lists the words' },
  { path: 'test/words.spec.ts', why: 'tests the patterns with them' },
  { path: 'CHANGELOG.md', why: 'says what the old names were' },
  { path: 'libs/schema/migrations/', why: 'a released migration never changes, and 0017 renames the old words' },
  { path: 'libs/scoring/training/validation-set.ts', words: ['hold-back'], why: 'the salt of a hash decides who is in the validation set' },
  { path: 'config/replies/', why: 'words of customers' },
  { path: 'config/absences.yaml', why: 'words of mail programs' },
  { path: 'config/bounces.yaml', why: 'words of mail systems' },
  { path: 'test/corpus/', why: 'mails of others' },
];

/** Files that nobody wrote: pictures, archives, and recorded ones, whose hashes may contain any letters. */
const notWritten = /\.(png|gz)$|^package-lock\.json$|^test\/replay\/histories\//;

interface Source {
  readonly file: string;
  readonly text: string;
  /** `toldFault`, `told_fault` and `ToldFault` as separate small words. Lines are those of the text. */
  readonly words: string;
}

const asWords = (text: string): string =>
  text
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();

const tracked = execFileSync('git', ['ls-files'], { cwd: projectFile(), encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && !notWritten.test(file));
const excepted = (file: string, word?: string): boolean =>
  exceptions.some(({ path, words }) => file.startsWith(path) && (words === undefined || (word !== undefined && words.includes(word))));
const sourceOf = (file: string): Source => {
  const text = readFileSync(projectFile(file), 'utf8');
  return { file, text, words: asWords(text) };
};
const sources: readonly Source[] = tracked.filter((file) => !excepted(file)).map(sourceOf);

/** The cells of the rows of the table of docs/words.md that begins with this header. */
function rowsBelow(header: string): string[][] {
  const page = readFileSync(projectFile('docs/words.md'), 'utf8');
  const lines = page.slice(page.indexOf(header)).split('\n').slice(2);
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(0, end < 0 ? undefined : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What may stand between two words of a term: blanks, hyphens, a line break with the sign of a comment. */
const gap = String.raw`[\s*/#-]+`;
const phrase = (term: string): string =>
  asWords(term)
    .trim()
    .split(/[\s-]+/)
    .map(escaped)
    .join(gap);

/** Whole words, in small letters. */
const termPattern = (term: string, allowed: readonly string[] = []): RegExp => {
  const rest = allowed.map((longer) => `(?!${gap}${phrase(longer.slice(term.length))})`).join('');
  return new RegExp(String.raw`(?<![\p{L}\p{N}])${phrase(term)}(?![\p{L}\p{N}])${rest}`, 'gu');
};

/** `Sender`, `leftAt` and `left_at` as whole names; `...Fault` as the end of one. */
const namePattern = (name: string): RegExp =>
  new RegExp(`${name.startsWith('...') ? '' : '(?<![A-Za-z])'}${name.replace('...', '')}(?![A-Za-z])`, 'g');
const isName = (word: string): boolean => /[A-Z_]/.test(word);
const isType = (word: string): boolean => /^(\.\.\.)?[A-Z]/.test(word);

/** Every word of the second table, with how it is found. */
const retired = rowsBelow('| do not use | use |').flatMap(([cell = '']) => {
  const [banned = '', allowed = ''] = cell.split(' but ');
  return quoted(banned).map((word) => ({ word, allowed: quoted(allowed) }));
});

/** `file:line text` of each place in a source where the retired word stands. A type is only looked for in the code of the product. */
function occurrences({ file, text, words }: Source, { word, allowed }: (typeof retired)[number]): string[] {
  if (isType(word) && (!/\.tsx?$/.test(file) || /\.spec\.tsx?$/.test(file))) return [];
  const [read, pattern] = isName(word) ? [text, namePattern(word)] : [words, termPattern(word, allowed)];
  return [...read.matchAll(pattern)].map(({ index }) => {
    const line = read.slice(0, index).split('\n').length;
    return `${file}:${String(line)} ${(text.split('\n')[line - 1] ?? '').trim().slice(0, 120)}`;
  });
}

/** The same, except where the word may stand. */
const placesIn = (source: Source, each: (typeof retired)[number]): string[] =>
  excepted(source.file, each.word) ? [] : occurrences(source, each);

/** The text without comments. A URL in a text is none. */
const withoutComments = (file: string, text: string): string =>
  file.endsWith('.yaml') ? text.replace(/(^|\s)#.*$/gm, '$1') : text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');

describe('docs/words.md', () => {
  it.each(retired)('$word is not used', (each) => {
    expect(sources.flatMap((source) => placesIn(source, each))).toEqual([]);
  });

  const code = sources
    .filter(({ file }) => /^(libs|apps|workflows|activities|config)\/.*\.(tsx?|yaml)$/.test(file) && !/\.spec\.tsx?$/.test(file))
    .map(({ file, text }) => asWords(withoutComments(file, text)))
    .join('\n');

  it.each(rowsBelow('| word | meaning |').map(([word = '']) => word))('%s is a word of the code, not only of its comments', (word) => {
    expect(termPattern(word).test(code)).toBe(true);
  });

  it.each(exceptions)('the exception $path is needed', ({ path, words = retired.map(({ word }) => word) }) => {
    const files = tracked.filter((file) => file.startsWith(path)).map(sourceOf);
    const found = retired
      .filter(({ word }) => words.includes(word))
      .filter((each) => files.some((file) => occurrences(file, each).length > 0));
    expect(found).not.toEqual([]);
  });
});

describe('a retired word', () => {
  const found = (word: string, text: string, file = 'libs/a.ts'): boolean =>
    placesIn({ file, text, words: asWords(text) }, retired.find((each) => each.word === word) ?? { word, allowed: [] }).length > 0;

  it.each([
    ['told', 'const toldFault = 1'],
    ['told', 'const { told } = it'],
    ['told', 'column told_at'],
    ['left_at', 'select left_at'],
    ['tell', 'cannotTell()'],
    ['tell', 'TELL THEM'],
    ['held', 'they are held there'],
    ['held', 'held,\nout'],
    ['be had', '/**\n * It cannot be\n * had.\n */'],
    ['be had', '# cannot be\n# had'],
    ['goes round', 'const goesRound = true'],
    ['hold-back', 'holdBack'],
    ['...Fault', 'class RuleFault extends Error'],
  ])('%s is found in %j', (word, text) => {
    expect(found(word, text)).toBe(true);
  });

  it.each([
    ['told', 'untold'],
    ['left_at', 'blanks that are left at the end'],
    ['tell', 'tellers'],
    ['held', 'the held-out customers, heldOut, held out, held\n * out'],
    ['be had', 'it may be. Had they'],
    ['...Fault', 'DefaultLogger, defaults'],
  ])('%s is not found in %j', (word, text) => {
    expect(found(word, text)).toBe(false);
  });
});
