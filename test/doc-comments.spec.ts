import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { projectFile } from '../libs/platform/project-file.js';

const tag = String.raw`@(?:param|returns|throws|template|see|example|deprecated)\b`;
/** After other words of its line, or at the end of a line before its text. */
const misplaced = new RegExp(String.raw`(?<![\s/*])[ \t]+${tag}|${tag}[ \t]*\n[ \t]*\*[ \t]*(?![\s/@])`);

/** The lines, from 1, at which a doc comment of several lines with a misplaced tag begins. Tags in backticks are words. */
function misplacedIn(source: string): number[] {
  return [...source.matchAll(/\/\*\*(?:(?!\*\/)[^])*\*\//g)]
    .filter(([comment]) => comment.includes('\n') && misplaced.test(comment.replace(/`[^`]*`/g, 'word')))
    .map(({ index }) => source.slice(0, index).split('\n').length);
}

it('each tag of a doc comment of several lines begins a line, with its text', () => {
  const files = execFileSync('git', ['ls-files', '*.ts', '*.tsx'], { cwd: projectFile(), encoding: 'utf8' }).trim().split('\n');
  const found = files.flatMap((file) => misplacedIn(readFileSync(projectFile(file), 'utf8')).map((line) => `${file}:${String(line)}`));
  expect(found).toEqual([]);
});

describe('a misplaced tag', () => {
  it.each([
    '\n/**\n * Does it. @param one the first\n */',
    '\n/**\n * @param one the first @param two the second\n */',
    '\n/**\n * Does it.\n * @returns\n * what it did\n */',
    '\n/** Does it. @throws Error\n * if it fails */',
  ])('is found in %j', (source) => {
    expect(misplacedIn(source)).toEqual([2]);
  });

  it.each([
    '/** Does it. @returns what it did */',
    '/**\n * Does it.\n * @param one the first,\n *   and only one\n * @returns what it did\n */',
    '/**\n * Writes `a @param b`\n * to ada@example.com.\n * @deprecated\n */',
    '/** @returns what\n * it did */',
    '// a @param b\n',
  ])('is not found in %j', (source) => {
    expect(misplacedIn(source)).toEqual([]);
  });
});
