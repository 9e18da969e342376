/**
 * Phrases that occur in texts of other systems, kept as data: how text and phrase are normalised, and where a phrase occurs in a text.
 * Case, accents, punctuation and line breaks are ignored.
 *
 * In a phrase `..` stands for at most eight words (or twenty characters in a script without spaces), `*` at the end of a word for any
 * ending, and `@` for an e-mail address.
 */
export type Finder = (plain: string) => string | undefined;

/** Only the host of a link counts as words. */
const links = /\bhttps?:\/\/([^\s<>\/]{1,100})[^\s<>]{0,500}/g;
/** E-mail addresses in a text. In a script without spaces the neighbouring words touch them. */
export const addresses =
  /[^\s<>()[\]"',;:=@\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]{1,100}@[^\s<>()[\]"',;:@\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]{1,100}/g;
/** Scripts without spaces between words: word boundaries are not visible. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** A text, normalised for the search for phrases. @param longest characters that are read */
export function plainText(text: string, longest: number): string {
  return ` ${plain(text.slice(0, longest).replace(links, ' $1 ').replace(addresses, ' @ '))} `;
}

/** Makes a function that finds the first of these phrases, in their order. Its time is linear in the text. */
export function findPhrase(phrases: readonly string[]): Finder {
  const compiled = phrases.map((phrase) => ({ phrase, pattern: patternOf(phrase) }));
  return (text) => compiled.find(({ pattern }) => pattern.test(text))?.phrase;
}

/** Makes a function that finds all of these phrases that occur in a text. */
export function findPhrases(phrases: readonly string[]): (plain: string) => string[] {
  const compiled = phrases.map((phrase) => ({ phrase, pattern: patternOf(phrase) }));
  return (text) => compiled.filter(({ pattern }) => pattern.test(text)).map(({ phrase }) => phrase);
}

/** Letters that Unicode does not decompose. */
const alike: Readonly<Record<string, string>> = { ß: 'ss', ı: 'i', ø: 'o', æ: 'ae', ł: 'l', đ: 'd', œ: 'oe' };

function plain(text: string): string {
  return text
    .replace(/['’‘ʼ`´]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .normalize('NFC')
    .replace(/[ßıøæłđœ]/g, (letter) => alike[letter] ?? letter)
    .replace(/[^\p{L}\p{N}@]+/gu, ' ')
    .trim();
}

function patternOf(phrase: string): RegExp {
  const [edge, gap] = unspaced.test(phrase) ? ['', '.{0,20}?'] : [' ', '(?: [^ ]{1,40}){0,8}? '];
  const pieces = phrase.split(' .. ').map((piece) =>
    piece
      .split(' ')
      .map((word) => (word === '@' ? word : plain(word)) + (word.endsWith('*') ? '[^ ]{0,30}' : ''))
      .join(edge),
  );
  return new RegExp(edge + pieces.join(gap) + (edge === '' ? '' : '(?= )'), 'u');
}
