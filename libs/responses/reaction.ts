/** Quotation marks in which phones repeat a text, in the languages of their users. */
const repeated = /["“”„«»「『‟❝][^]{0,4000}["“”„«»」』‟❞]/u;
const fewestWords = 8;
const mostAround = 10;

/**
 * A text without the parts that repeat our message. Phones report by text that their owner reacted (Liked “...”, 👍 to “...”), and repeat
 * our whole message. A sign such as a thumb means approval, but not yet "yes".
 * @returns the unchanged text if it repeats nothing long, or says much more
 */
export function withoutReaction(text: string): string {
  const found = repeated.exec(text)?.[0];
  if (found === undefined || wordsIn(found) < fewestWords) return text;
  const around = text.replace(found, ' ').trim();
  return wordsIn(around) > mostAround ? text : around.replace(/\p{Extended_Pictographic}/gu, '').trim();
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
