/** One line of a mail as its reader saw it, whether it came as plain text or as HTML. */
export interface Line {
  readonly text: string;
  /** Marked as a quote: by `>` in front of it, or by its element. */
  readonly quoted: boolean;
  /** What stands before a quote in many programs, as the name of the sender does, begins after it: a rule, or an element of that style. */
  readonly fence?: true;
  /** The program marks that the writer's text ends here. */
  readonly end?: true;
}

/** The most characters and lines of a mail that are read: the work for each line is about the same. */
export const longestText = 200_000;
export const mostLines = 5_000;

/** Marks of direction and spaces of no width, which some programs put around names, dates and addresses. */
const unseen = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
const spaces = /[\u00a0\u2000-\u200a\u202f\u3000]/g;

/** The same text, normalised for comparison: composed letters, plain spaces, no invisible characters. */
export function plain(text: string): string {
  return text.normalize('NFC').replace(unseen, '').replace(spaces, ' ');
}

export const isBlank = ({ text }: Line): boolean => text.trim() === '';

/** @returns the index of the next line with words in it, from `at` on; the number of lines if there is none */
export function nextFilled(lines: readonly Line[], at: number): number {
  let next = at;
  while (next < lines.length && lines[next]?.text.trim() === '') next++;
  return next;
}
