import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { projectFile } from '../libs/platform/project-file.js';

/** Where a retired word may still stand, with the reason. It only gets shorter. */
const exceptions: Readonly<Record<string, string>> = {
  'docs/words.md': 'lists the words',
  'test/words.spec.ts': 'tries the patterns on them',
  'CHANGELOG.md': 'says what the old names were',
  'libs/schema/migrations/': 'a migration is never changed, and the last one renames the old words',
  'libs/scoring/training/validation-set.ts': 'the salt of the hash decides who is in the validation set, so it never changes',
  'test/corpus/': 'mails as others write them',
  'test/replay/histories/': 'recorded',
  'config/replies/': 'words of customers',
  'config/absences.yaml': 'words of mail programs',
  'config/bounces.yaml': 'words of mail systems',
};

const read = (file: string): string => readFileSync(projectFile(file), 'utf8');
const sources = execFileSync('git', ['ls-files'], { cwd: projectFile(), encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(tsx?|cjs|js|ya?ml|md|css|html)$/.test(file))
  .filter((file) => !Object.keys(exceptions).some((start) => file.startsWith(start)));
const words = read('docs/words.md');

/** The cells of the rows of the table that begins with this header. */
function rowsBelow(header: string): string[][] {
  const lines = words.slice(words.indexOf(header)).split('\n').slice(2);
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

const isType = (word: string): boolean => /^(\.\.\.)?[A-Z]/.test(word);

/** A word by itself or as a part of a name: `tell`, `tellAll`, `cannotTell`. A type as a whole, or by its end. */
function patternOf(word: string, allowed: readonly string[]): RegExp {
  // `held out` is also written held-out and heldOut.
  const rest = allowed
    .map((longer) => longer.slice(word.length).trim())
    .map((more) => `(?![ -]?[${more.charAt(0)}${more.charAt(0).toUpperCase()}]${escaped(more.slice(1))})`)
    .join('');
  const after = `(?![a-z])${rest}`;
  if (isType(word)) return new RegExp(`${word.startsWith('...') ? '' : '\\b'}${word.replace('...', '')}(?![a-zA-Z])`);
  const capitalised = word.charAt(0).toUpperCase() + word.slice(1);
  return new RegExp(`(?<![A-Za-z])${escaped(word)}${after}|(?:(?<![A-Za-z])|(?<=[a-z]))${escaped(capitalised)}${after}`, 'm');
}

/** Every word of the second table, with how it is found. */
const retired = rowsBelow('| do not use | use |').flatMap(([cell = '']) => {
  const [banned = '', allowed = ''] = cell.split(' but ');
  return quoted(banned).map((word) => ({ word, pattern: patternOf(word, quoted(allowed)), ofType: isType(word) }));
});

/** `file:line` of each place where the word stands. A type is looked for in code alone, without what others write. */
function placesOf({ pattern, ofType }: (typeof retired)[number]): string[] {
  const files = ofType ? sources.filter((file) => /\.tsx?$/.test(file) && !/\.spec\.tsx?$/.test(file)) : sources;
  return files.flatMap((file) => {
    const text = read(file);
    if (!pattern.test(text)) return [];
    return text
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${String(index + 1)} ${line.trim().slice(0, 120)}`] : []));
  });
}

describe('docs/words.md', () => {
  it.each(retired)('$word is used nowhere any more', (each) => {
    expect(placesOf(each)).toEqual([]);
  });

  const code = sources.filter(
    (file) => /^(libs|apps|workflows|activities|config)\/.*\.(tsx?|yaml)$/.test(file) && !/\.spec\.ts$/.test(file),
  );
  const texts = code.map((file) => read(file).toLowerCase()).join('\n');

  it.each(rowsBelow('| word | meaning |').map(([word = '']) => word))('%s is a word of the code', (word) => {
    expect(texts).toMatch(new RegExp(`\\b${escaped(word.toLowerCase()).replace(/[ -]/g, '[-_ ]?')}`));
  });

  it.each([
    ['told', 'const toldFault = 1', true],
    ['tell', 'cannotTell()', true],
    ['told', 'foretold', false],
    ['held', 'the held-out customers, heldOut, held out', false],
    ['held', 'they are held there', true],
    ['...Fault', 'class RuleFault extends Error', true],
    ['...Fault', 'DefaultLogger, defaults', false],
  ])('finds %s in %j: %s', (word, text, found) => {
    expect(retired.find((each) => each.word === word)?.pattern.test(text)).toBe(found);
  });
});
