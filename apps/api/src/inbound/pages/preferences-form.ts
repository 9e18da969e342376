import { z } from 'zod';
import { channels } from '../../../../../libs/channels/table.js';
import { regionZone } from '../../../../../libs/platform/time-zones.js';
import type { Choices, HoursChoice, ShownPreferences, WishedPreferences } from '../../../../../libs/preferences/preferences.js';
import { Problem } from '../../../../../libs/platform/problem.js';
import type { Form } from '../form.js';
import { languageNames } from './preferences-texts.js';

/** The names of the form's fields besides the consents, which are named by their keys. */
export const fieldNames = {
  seen: 'seen',
  preferredChannel: 'preferred-channel',
  language: 'language',
  timeZone: 'time-zone',
  hours: 'hours',
  from: 'from',
  to: 'to',
} as const;

/** A field that the customer must fix, and what is wrong. */
export interface FieldError {
  readonly field: 'preferredChannel' | 'language' | 'timeZone' | 'hours';
  readonly what: 'hours' | 'choice';
}

export interface ReadPreferences {
  readonly seen: ShownPreferences;
  readonly wished: WishedPreferences;
  readonly errors: readonly FieldError[];
}

const dayMinutes = 1_440;

const hoursChoice = z.custom<HoursChoice>((value) => typeof value === 'string' && /^(any|other|\d{1,4}-\d{1,4})$/.test(value));

const seenForm = z.strictObject({
  consents: z.record(z.string().max(40), z.strictObject({ granted: z.boolean(), mark: z.string().max(100) })),
  choices: z.strictObject({
    preferredChannel: z.string().max(40).nullable(),
    language: z.string().refine((language) => Object.hasOwn(languageNames, language)),
    timeZone: z.string().max(100).nullable(),
    hours: hoursChoice,
  }),
});

/** What the form showed, as it is sent back. */
export function writeSeen(shown: ShownPreferences): string {
  return JSON.stringify(shown);
}

/**
 * Reads the form that was sent back. Mistakes that the customer can fix are returned as errors, beside the choices.
 * @throws Problem invalid if it is not a form of ours
 */
export function readPreferences(form: Form): ReadPreferences {
  const seen = readSeen(form.get(fieldNames.seen));
  const choices: Choices = {
    preferredChannel: form.get(fieldNames.preferredChannel) || null,
    language: form.get(fieldNames.language) ?? seen.choices.language,
    timeZone: form.get(fieldNames.timeZone) || null,
    hours: readHours(form, seen),
  };
  return { seen, wished: { ticked: new Set(form.names()), choices }, errors: errorsIn(choices, seen.choices) };
}

function readSeen(text: string | undefined): ShownPreferences {
  let json: unknown;
  try {
    json = JSON.parse(text ?? '');
  } catch {
    json = undefined;
  }
  const parsed = seenForm.safeParse(json);
  if (!parsed.success) throw new Problem('invalid', 'The form does not contain what it showed');
  return parsed.data;
}

function readHours(form: Form, seen: ShownPreferences): HoursChoice {
  const kind = form.get(fieldNames.hours);
  if (kind === 'any') return 'any';
  if (kind === 'between') return `${minuteOf(form.get(fieldNames.from))}-${minuteOf(form.get(fieldNames.to))}`;
  return seen.choices.hours;
}

/** @returns NaN if it is not a minute of a day */
function minuteOf(text = ''): number {
  return /^\d{1,4}$/.test(text) && Number(text) <= dayMinutes ? Number(text) : Number.NaN;
}

/** A value that was shown and not changed is never an error. */
function errorsIn(choices: Choices, seen: Choices): FieldError[] {
  const checks: readonly (readonly [FieldError['field'], FieldError['what'], boolean])[] = [
    ['preferredChannel', 'choice', choices.preferredChannel === null || (channels as readonly string[]).includes(choices.preferredChannel)],
    ['hours', 'choice', isHours(choices.hours)],
    ['hours', 'hours', !isHours(choices.hours) || hasLength(choices.hours)],
    ['language', 'choice', Object.hasOwn(languageNames, choices.language)],
    ['timeZone', 'choice', choices.timeZone !== null && regionZone(choices.timeZone) !== undefined],
  ];
  return checks.filter(([field, , holds]) => !holds && choices[field] !== seen[field]).map(([field, what]) => ({ field, what }));
}

function isHours(hours: HoursChoice): boolean {
  const [from = Number.NaN, to = Number.NaN] = hours.split('-').map(Number);
  return hours === 'any' || hours === 'other' || (from < dayMinutes && to <= dayMinutes);
}

/** From midnight to midnight is the whole day. */
function hasLength(hours: HoursChoice): boolean {
  const [from, to] = hours.split('-').map(Number);
  return from === undefined || to === undefined || from !== to % dayMinutes || to - from === dayMinutes;
}
