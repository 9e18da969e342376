/** Invisible characters: zero-width ones, soft hyphens, direction marks, controls other than white space. */
const invisible = /(?![\t-\r])[\p{Default_Ignorable_Code_Point}\p{Cc}\uFFF9-\uFFFB]/gu;
const whiteSpace = /\s+/gu;
/** What a spreadsheet writes before a cell that it must not read as a number or a formula. */
const textMark = /^['\u2018\u2019](?=[+\d=@-])/u;

/**
 * A normalised text: NFC, without invisible characters, with one plain space for each run of white space and none at the ends. For texts
 * that are compared (ids, addresses, the words of a file), not for names: some scripts need such characters.
 */
export function cleanText(text: string): string {
  return text.replace(invisible, '').replace(whiteSpace, ' ').normalize('NFC').trim();
}

/** An id from another system, normalised so that two ways to write it are the same id. Letters keep their case. */
export function cleanId(text: string): string {
  return cleanText(text).replace(textMark, '');
}

/** An address before it is read: full-width characters become plain ones, and a spreadsheet's prefix is removed. */
export function cleanAddress(text: string): string {
  const plain = cleanText(text).replace(/[\uFF01-\uFF5E]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
  return plain.replace(/^['\u2018\u2019]+/u, '').trim();
}
