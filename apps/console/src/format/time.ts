const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

const dayAndTime: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' };
const dateTime = new Intl.DateTimeFormat(undefined, dayAndTime);
const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** An instant in the reader's zone: "3 Nov 2026, 14:05". */
export const moment = (iso: string): string => dateTime.format(new Date(iso));
/** The time of day: "14:05:12". */
export const clockTime = (ms: number): string => time.format(new Date(ms));

/** The same instant where the customer lives: "3 Nov 2026, 08:00 in Madrid"; nothing if the zone is the reader's or not known. */
export function momentThere(iso: string, timeZone: string | null): string | null {
  if (timeZone === null || timeZone === Intl.DateTimeFormat().resolvedOptions().timeZone) return null;
  try {
    const there = new Intl.DateTimeFormat(undefined, { ...dayAndTime, timeZone });
    return `${there.format(new Date(iso))} in ${(timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ')}`;
  } catch {
    return null;
  }
}

const spans: readonly (readonly [number, string])[] = [
  [dayMs, 'd'],
  [hourMs, 'h'],
  [minuteMs, 'min'],
  [secondMs, 's'],
];

/** How long between two instants, in its largest unit: "12 s", "3 h", "2 d". */
export function span(fromIso: string, toIso: string): string {
  const ms = Math.max(0, Date.parse(toIso) - Date.parse(fromIso));
  for (const [unit, name] of spans) if (ms >= unit) return `${Math.floor(ms / unit)} ${name}`;
  return 'now';
}

/** "day 3 of 10" of a campaign with a window of 10 days; after its window only the day. */
export function campaignDay(launchedAt: string | null, now: string, windowDays: number): string | null {
  if (launchedAt === null) return null;
  const day = Math.max(1, Math.floor((Date.parse(now) - Date.parse(launchedAt)) / dayMs) + 1);
  return day <= windowDays ? `day ${day} of ${windowDays}` : `day ${day}`;
}
