import { z } from 'zod';

/**
 * How a double is made to misbehave: a list of rules, and the first one that matches a message is used.
 * - `refuse`: answers with an error code of the real service, and stores nothing
 * - `fail`: answers as a broken service does (SMTP 451, HTTP 500 with a page of HTML), and stores nothing
 * - `drop`: closes the connection before anything was accepted, and stores nothing
 * - `cut`: accepts, and closes the connection before it answers
 * - `undelivered`: accepts, and reports later that it could not be delivered, with an error code (Twilio only)
 */
export const rule = z.strictObject({
  /** The recipient it is about; absent means every recipient. */
  to: z.string().optional(),
  /** How many times it is used; absent means always. */
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

  /** Replaces all earlier rules; with an empty list the double works normally again. */
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
