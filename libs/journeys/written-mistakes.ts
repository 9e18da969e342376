/** What an author may have meant who wrote an amount in a wrong form: each function returns what is wrong, and what to write instead. */

const shown = (written: unknown): string => {
  const text = typeof written === 'string' ? written : JSON.stringify(written);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

const wordsForNumbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
/** The unit by its first letters, in the order of the search. */
const unitWords: readonly (readonly [RegExp, unit: string])[] = [
  [/^mo/i, 'month'],
  [/^m/i, 'minute'],
  [/^h/i, 'hour'],
  [/^(d|t)/i, 'day'],
  [/^w/i, 'week'],
  [/^y/i, 'year'],
  [/^s/i, 'second'],
];
/** Units that durations do not have, converted to known ones. */
const insteadOfUnit: Readonly<Record<string, readonly [count: number, unit: string]>> = {
  month: [30, 'day'],
  year: [365, 'day'],
  second: [1 / 60, 'minute'],
};
const smaller: Readonly<Record<string, readonly [count: number, unit: string]>> = {
  week: [7, 'day'],
  day: [24, 'hour'],
  hour: [60, 'minute'],
};

/** `4d`, `1.5 days`, 4, `four days`, `1 month`. */
export function durationMistake(written: unknown): string {
  const general = 'is not a duration; write it as in 4 days, 36 hours or 10 minutes';
  if (typeof written === 'number')
    return written > 0 ? `${shown(written)} has no unit; write ${plural(Math.ceil(written), 'day')}, or in hours or minutes` : general;
  if (typeof written !== 'string') return general;
  const [, count = '', word = ''] = /^\s*(\d+(?:[.,]\d+)?|[a-z]+)\s*-?\s*([a-z]+)\.?\s*$/i.exec(written) ?? [];
  const number = Number.isNaN(Number(count.replace(',', '.')))
    ? wordsForNumbers.indexOf(count.toLowerCase())
    : Number(count.replace(',', '.'));
  const unit = unitWords.find(([begins]) => begins.test(word))?.[1];
  if (unit === undefined || number <= 0) {
    return /^\s*\d+\s*$/.test(written)
      ? `${shown(written.trim())} has no unit; write ${plural(Number(written), 'day')}, or in hours or minutes`
      : general;
  }
  const [times, known] = insteadOfUnit[unit] ?? [1, unit];
  return `is not a duration; write ${whole(number * times, known)}`;
}

function whole(count: number, unit: string): string {
  if (Number.isInteger(count)) return plural(count, unit);
  const finer = smaller[unit];
  return finer === undefined ? plural(Math.max(1, Math.ceil(count)), unit) : whole(count * finer[0], finer[1]);
}
const plural = (count: number, unit: string): string => `${String(count)} ${unit}${count === 1 ? '' : 's'}`;

/** 0.2, 20, `20`, `0,2`, `20 percent`, `12,5%`. */
export function percentMistake(written: unknown): string {
  const general = 'is not a percentage; write it as in 10%';
  const text = typeof written === 'number' || typeof written === 'string' ? String(written) : '';
  const [, digits, sign = ''] = /^\s*(\d*[.,]?\d+)\s*(%|percent|per cent|prozent|pct)?\s*$/i.exec(text) ?? [];
  if (digits === undefined) return general;
  const number = Number(digits.replace(',', '.'));
  const percent = sign === '' && number < 1 ? Math.round(number * 1e6) / 1e4 : number;
  return percent < 100 ? `${shown(written)} is not a percentage; write ${String(percent)}%` : general;
}

const currencies: Readonly<Record<string, string>> = {
  '€': 'EUR',
  '£': 'GBP',
  $: 'USD',
  '¥': 'JPY',
  EURO: 'EUR',
  EUROS: 'EUR',
  DOLLAR: 'USD',
  DOLLARS: 'USD',
  POUNDS: 'GBP',
};

/** 20000, `€20000`, `20.000 EUR`, `EUR 20000`, `20k EUR`, `20000 euros`. */
export function moneyMistake(written: unknown): string {
  const general = 'is not an amount of money; write it as in 20000 EUR';
  const text = typeof written === 'number' || typeof written === 'string' ? String(written).trim() : '';
  const [, before, digits = '', times, after] = /^([€£$¥]|[a-z]+)?\s*(\d[\d.,' \u00a0_]*)(k|m)?\s*([€£$¥]|[a-z]+)?$/i.exec(text) ?? [];
  const amount = plainAmount(digits.trim(), times?.toLowerCase());
  if (amount === undefined) return general;
  const name = (before ?? after ?? '').toUpperCase();
  if (name === '') return `${shown(written)} has no currency; write ${amount} EUR, or the currency of your customers`;
  const currency = currencies[name] ?? (/^[A-Z]{3}$/.test(name) ? name : undefined);
  return currency === undefined ? general : `is not an amount of money; write ${amount} ${currency}`;
}

/** `20.000`, `20,000`, `20 000` and `20'000` are twenty thousand; `20,5` is twenty and a half. */
function plainAmount(digits: string, times: string | undefined): string | undefined {
  if (digits === '') return undefined;
  const grouped = /^\d{1,3}(?:[.,' \u00a0_]\d{3})+(?:[.,]\d{1,2})?$/.exec(digits);
  const fraction = grouped === null ? /[.,](\d+)$/.exec(digits)?.[1] : /[.,](\d{1,2})$/.exec(digits)?.[1];
  const wholePart = (fraction === undefined ? digits : digits.slice(0, -fraction.length - 1)).replace(/\D/g, '');
  const number = Number(`${wholePart}.${fraction?.slice(0, 2) ?? '0'}`) * (times === 'k' ? 1e3 : times === 'm' ? 1e6 : 1);
  if (!Number.isFinite(number) || number > 1e12) return undefined;
  return Number.isInteger(number) ? String(number) : number.toFixed(2);
}

/** `Save at risk`, `save_at_risk`, `SaveAtRisk`, 2026. */
export function nameMistake(written: unknown): string {
  const general = 'is not a name in lower case with hyphens, as in save-at-risk';
  if (typeof written !== 'string' && typeof written !== 'number') return general;
  const name = String(written)
    .slice(0, 100)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? general : `is not a name in lower case with hyphens; write ${/^\d+$/.test(name) ? `"${name}", in quotes` : name}`;
}
