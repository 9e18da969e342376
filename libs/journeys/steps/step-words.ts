const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** "4 days", "36 hours": milliseconds in the largest unit that gives a whole number. */
export function durationWords(ms: number): string {
  const [unit, size] = units.find(([, each]) => ms % each === 0) ?? ['second', 1_000];
  return counted(Math.round(ms / size), unit);
}

export const counted = (n: number, what: string): string => `${String(n)} ${what}${n === 1 ? '' : 's'}`;
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
