/** Something in a row that cannot be read. `value` is what the file has there; it is left out where it would be personal data. */
export class Unreadable extends Error {
  constructor(what: string, value?: string) {
    super(value === undefined ? what : `${quote(value)} ${what}`);
    this.name = 'Unreadable';
  }
}

/** Words of the file in a message, but never a long one: it is shown to people. */
export function quote(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 40)}...` : text}"`;
}
