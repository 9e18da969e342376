import { z } from 'zod';
import { longest } from '../platform/bounds.js';
import { parseMoney, whyNoMoney } from '../platform/money.js';
import { durationMistake, moneyMistake, nameMistake, percentMistake } from './written-mistakes.js';

/** How amounts are written in a definition, readable for people: `4 days`, `10%`, `20000 EUR`. */

/** The error for a value that is not a text: what to write instead. If the value is missing, zod's own message. */
const otherwise = (mistake: (written: unknown) => string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? undefined : mistake(input)),
});

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 };
const durationText = /^(\d+) (minute|hour|day|week)s?$/;

/** `4 days`, `36 hours`, `10 minutes`, `2 weeks`: milliseconds, never 0. */
export const duration = z
  .string(otherwise(durationMistake))
  .regex(durationText, otherwise(durationMistake))
  .transform((text, context) => {
    const [, count, unit = ''] = durationText.exec(text) ?? [];
    const ms = Number(count) * (units[unit] ?? NaN);
    if (ms > 0 && ms <= longestMs) return ms;
    context.addIssue({ code: 'custom', message: ms > 0 ? 'is longer than ten years' : 'must be longer than zero' });
    return z.NEVER;
  })
  .describe('A duration, as in 4 days, 36 hours or 10 minutes');
const longestMs = 3_653 * 86_400_000;

const percentText = /^(\d+(?:\.\d+)?) ?%$/;

/** `10%`: a share, 0 to below 1. */
export const percent = z
  .string(otherwise(percentMistake))
  .regex(percentText, otherwise(percentMistake))
  .transform((text, context) => {
    const share = Number(percentText.exec(text)?.[1]) / 100;
    if (share < 1) return share;
    context.addIssue({ code: 'custom', message: 'must be below 100%: nobody would be treated' });
    return z.NEVER;
  })
  .describe('A percentage, as in 10%');

/** `20000 EUR`: minor units and currency. */
export const money = z
  .string(otherwise(moneyMistake))
  .transform((text, context) => {
    const amount = parseMoney(text);
    if (amount !== undefined) return amount;
    context.addIssue({ code: 'custom', message: /^\d+(\.\d+)? [A-Z]{3}$/.test(text) ? whyNoMoney(text) : moneyMistake(text) });
    return z.NEVER;
  })
  .describe('An amount of money, as in 20000 EUR');

/** A name from which keys, files and ids are built. */
export const key = z
  .string(otherwise(nameMistake))
  .max(longest.word, `is longer than ${longest.word} characters`)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, otherwise(nameMistake));

/** A condition in CEL; libs/segments checks its content. */
export const condition = z
  .string({
    error: ({ input }) => {
      if (input === undefined) return undefined;
      if (Array.isArray(input)) return 'is a list; write one condition, its parts joined by && or ||';
      if (typeof input === 'boolean') return `must be a text; write "${String(input)}", in quotes`;
      return 'is not a condition; write it as in customer.tenure >= 3 && score.churn > 0.5';
    },
  })
  .min(1, 'is empty; write a condition, as in customer.tenure >= 3')
  .describe('A condition, as in customer.tenure >= 3 && score.churn > 0.5');
