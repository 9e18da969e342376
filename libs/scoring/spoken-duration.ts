const units = [
  [7 * 86_400_000, 'week'],
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
] as const;

/** A duration as it is written in a declaration: `90 days`, `2 weeks`. */
export function spoken(ms: number): string {
  const [size, name] = units.find(([unit]) => ms % unit === 0) ?? [60_000, 'minute'];
  const count = Math.round(ms / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
