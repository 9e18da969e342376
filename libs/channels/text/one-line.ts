/** A subject and a text message have no line breaks; a name must not be able to insert one. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
