/** Characters that nobody sees: zero-width ones, soft hyphens, marks of direction, controls other than white space. */
const invisible = /(?![\t-\r])[\p{Default_Ignorable_Code_Point}\p{Cc}\uFFF9-\uFFFB]/gu;
const whiteSpace = /\s+/gu;
/** What a spreadsheet writes before a cell that it must not take for a number or a formula. */
const textMark = /^['\u2018\u2019](?=[+\d=@-])/u;

/**
 * A text as its writer meant it: NFC, without invisible characters, with one plain space for each stretch of white space and
 * none around it. For what is compared (ids, addresses, the words of a file), not for names: some scripts need such characters.
 */
export function cleanText(text: string): string {
  return text.replace(invisible, '').replace(whiteSpace, ' ').normalize('NFC').trim();
}

/** Another system's id for something, so that two ways to write it do not make two of it. Letters keep their case. */
export function cleanId(text: string): string {
  return cleanText(text).replace(textMark, '');
}

/** An address before it is read: full-width characters are plain ones, and what a spreadsheet put in front is gone. */
export function cleanAddress(text: string): string {
  const plain = cleanText(text).replace(/[\uFF01-\uFF5E]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
  return plain.replace(/^['\u2018\u2019]+/u, '').trim();
}
