/** Whether two texts have the same words and signs in the same order: lines are broken again on the way, and by HTML. */
export function sameWords(one: string, other: string): boolean {
  return one.normalize('NFC').replace(/\s+/g, ' ').trim() === other.normalize('NFC').replace(/\s+/g, ' ').trim();
}
