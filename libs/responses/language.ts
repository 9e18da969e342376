import type { Lexicon } from './lexicon.js';
import type { Word } from './reply-text.js';

/**
 * The languages that an answer may be written in: those that know most of its words. If the customer's own is one of them, it is that one.
 * @param language the customer's, as in `de` or `de-AT`
 */
export function languagesOf(words: readonly Word[], lexicons: readonly Lexicon[], language = 'en'): readonly Lexicon[] {
  const counts = lexicons.map((lexicon) => words.filter(({ text }) => lexicon.known.has(text)).length);
  const most = Math.max(...counts);
  const best = lexicons.filter((_, index) => counts[index] === most);
  const own = best.filter((lexicon) => lexicon.language === language.slice(0, 2).toLowerCase());
  return own.length > 0 ? own : best;
}

/** "Yesss", "nooo", "stoppp": an unknown word is read with its letters once or twice, if that is a known word. */
export function withoutStretches(words: readonly Word[], lexicons: readonly Lexicon[]): readonly Word[] {
  const isKnown = (text: string): boolean => lexicons.some((lexicon) => lexicon.known.has(text));
  const isAnswer = (text: string): boolean =>
    lexicons.some(({ answers }) =>
      [answers.accepted, answers.declined, answers['opt-out']].some(({ whole }) => whole.get(text)?.some((phrase) => phrase.length === 1)),
    );
  return words.map((word) => {
    if (isKnown(word.text)) return word;
    const stretched = ['$1$1', '$1'].map((once) => word.text.replace(/(.)\1{2,}/gu, once)).find(isKnown);
    const doubled = [word.text.replace(/(.)\1$/u, '$1')].find(isAnswer);
    const text = stretched ?? doubled;
    return text === undefined ? word : { ...word, text };
  });
}
