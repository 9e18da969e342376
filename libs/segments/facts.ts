/** What is known about one customer at one instant: everything that a rule can use. */
export interface Facts {
  /** The customer's columns (`monthly_charge` in major units) and attributes, by their names in rules. */
  readonly customer: Readonly<Record<string, string | number | boolean | null>>;
  /** The latest score of each kind. */
  readonly score: Readonly<Record<string, number | null>>;
  /** The events within the longest look-back; `at` in milliseconds since 1970. */
  readonly events: readonly { readonly kind: string; readonly at: number }[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** `events(kind, days)` may look back this far; facts hold no older events. */
export const longestLookBackDays = 366;
export const dayMs = 86_400_000;
