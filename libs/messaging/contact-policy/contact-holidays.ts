import Holidays from 'date-holidays';
import type { Calendar } from './contact-hours.js';

const hour = 3_600_000;
const day = 24 * hour;

const calendars = new Map<string, Calendar>();

/**
 * The public holidays of a country, or of one subdivision of it, from the package date-holidays, computed for each year when it is first
 * needed. A holiday of only part of a day closes the whole day. A country that the package does not know has none.
 * @param country ISO 3166 country
 * @param subdivision ISO 3166 subdivision, without the country; null if it is not known
 */
export function publicHolidays(country: string, subdivision: string | null): Calendar {
  const key = `${country}-${subdivision ?? ''}`;
  let calendar = calendars.get(key);
  if (calendar === undefined) calendars.set(key, (calendar = yearByYear(country, subdivision)));
  return calendar;
}

/** Closed if any of them is closed. */
export function anyOf(several: readonly Calendar[]): Calendar | undefined {
  return several.length <= 1 ? several[0] : { has: (localDay) => several.some((calendar) => calendar.has(localDay)) };
}

function yearByYear(country: string, subdivision: string | null): Calendar {
  const source = new Holidays({ country, ...(subdivision === null ? {} : { state: subdivision }) }, { types: ['public'] });
  const years = new Map<number, ReadonlySet<number>>();
  return {
    has: (localDay) => {
      const year = new Date(localDay * day).getUTCFullYear();
      let days = years.get(year);
      if (days === undefined) years.set(year, (days = new Set(source.getHolidays(year).flatMap(daysOf))));
      return days.has(localDay);
    },
  };
}

/** The local days that a holiday touches. Its length in hours is not always a multiple of 24: the clocks may change in it. */
function daysOf({ date, start, end }: { readonly date: string; readonly start: Date; readonly end: Date }): number[] {
  const begins = Date.parse(`${date.slice(0, 10)}T${date.slice(11, 19)}Z`);
  const first = Math.floor(begins / day);
  const last = Math.max(first, Math.floor((begins + end.getTime() - start.getTime() - 2 * hour) / day));
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
