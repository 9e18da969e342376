/** Quotation marks in which phones repeat a text, in the languages of their users. */
const repeated = /["“”„«»「『‟❝][^]{0,4000}["“”„«»」』‟❞]/u;
const fewestWords = 8;
const mostAround = 10;

/**
 * A text without what it repeats of ours. Phones report by text that their owner reacted (Liked “...”, 👍 to “...”), and repeat
 * the whole of what was reacted to: its words are ours. A sign such as a thumb says that it was seen well, not yet "yes".
 * @returns the text as it is where it repeats nothing long, or says much beside it
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
