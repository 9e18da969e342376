/** Something in a row that cannot be read. `value` is the file's text; it is missing if it would be personal data. */
export class Unreadable extends Error {
  constructor(what: string, value?: string) {
    super(value === undefined ? what : `${quote(value)} ${what}`);
    this.name = 'Unreadable';
  }
}

/** A text of the file in a message, shortened, because it is shown to people. */
export function quote(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 40)}...` : text}"`;
}
