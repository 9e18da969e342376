/** Scripts that are written without spaces: a word of theirs is found inside other letters. */
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Hebrew}]/u;

/** Finds any of the words, whole. */
export function anyOf(words: readonly string[]): RegExp {
  const [inside, whole] = [words.filter((word) => unspaced.test(word)), words.filter((word) => !unspaced.test(word))];
  const parts = [`(?<![\\p{L}\\p{M}])(?:${alternatives(whole)})(?![\\p{L}\\p{M}])`];
  if (inside.length > 0) parts.push(alternatives(inside));
  return new RegExp(parts.join('|'), 'iu');
}

/** Finds any of the words at the beginning. */
export function startsWithAny(words: readonly string[]): RegExp {
  const [inside, whole] = [words.filter((word) => unspaced.test(word)), words.filter((word) => !unspaced.test(word))];
  const parts = [`(?:${alternatives(whole)})(?![\\p{L}\\p{M}])`];
  if (inside.length > 0) parts.push(`(?:${alternatives(inside)})`);
  return new RegExp(`^[\\s*_>-]*(?:${parts.join('|')})`, 'iu');
}

/** Longest first, so that none hides behind its beginning. */
function alternatives(words: readonly string[]): string {
  return [...new Set(words)]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', '\\s+'))
    .join('|');
}
