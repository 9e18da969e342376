import { z } from 'zod';

/**
 * How a double is made to misbehave: a list of rules, of which the first that fits a message is used.
 * - `refuse`: answers with an error code of the real service, and keeps nothing
 * - `fail`: answers as a broken service does (SMTP 451, HTTP 500 with a page of HTML), and keeps nothing
 * - `drop`: cuts the line before anything was accepted, and keeps nothing
 * - `cut`: accepts, and cuts the line before it says so
 * - `undelivered`: accepts, and reports later that it could not be delivered, with an error code (Twilio only)
 */
export const rule = z.strictObject({
  /** The recipient it is about; absent means every recipient. */
  to: z.string().optional(),
  /** How often it is used before it is used up; absent means without end. */
  times: z.int().positive().optional(),
  /** Real milliseconds before any answer. */
  delayMs: z.number().nonnegative().optional(),
  then: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('refuse'), code: z.int() }),
      z.strictObject({ kind: z.literal('fail') }),
      z.strictObject({ kind: z.literal('drop') }),
      z.strictObject({ kind: z.literal('cut') }),
      z.strictObject({ kind: z.literal('undelivered'), code: z.int() }),
    ])
    .optional(),
});
export const rules = z.array(rule);
export type Rule = z.infer<typeof rule>;

/** The rules that a double follows now. */
export class Behaviour {
  private rules: { readonly rule: Rule; left: number }[] = [];

  /** Takes the place of all rules before; an empty list makes the double behave again. */
  set(list: readonly Rule[]): void {
    this.rules = list.map((each) => ({ rule: each, left: each.times ?? Infinity }));
  }

  /** The rule for a message to this recipient, which counts as one use of it. */
  take(to: string): Rule | undefined {
    const fitting = this.rules.find(({ rule: { to: about }, left }) => left > 0 && (about === undefined || about === to));
    if (fitting === undefined) return undefined;
    fitting.left -= 1;
    return fitting.rule;
  }
}
