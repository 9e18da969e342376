/** A subject and a text message have no line breaks; a name must not be able to bring one in. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
