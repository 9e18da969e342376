/** The parts of the api's answers that end-to-end specs read; each complete answer is compared with the api's own description. */

import type { Outcome } from '../../libs/journeys/outcome.js';

/** An enrolment in a list. */
export interface Row {
  readonly id: string;
  readonly customer: { readonly id: string };
  readonly state: string;
  readonly outcome: Outcome | null;
}

/** Everything that explains one enrolment. */
export interface Story extends Row {
  readonly arm: string;
  readonly customer: { readonly id: string; readonly timeZone: string };
  readonly visits: readonly { readonly step: string; readonly label: string | null }[];
  readonly decisions: readonly {
    readonly kind: string;
    readonly subject: string | null;
    readonly reasons: readonly string[];
    readonly candidates: readonly { readonly key: string }[];
    readonly until: string | null;
  }[];
  readonly messages: readonly { readonly state: string; readonly attempts: number; readonly submittedAt: string | null }[];
  readonly offers: readonly object[];
  readonly responses: readonly object[];
}

/** The report of a campaign. */
export interface Report {
  readonly entered: { readonly total: number };
  readonly underway: { readonly total: number; readonly paused: number };
  readonly outcomes: Readonly<Record<string, number>>;
  readonly budget: object;
  readonly messages: readonly { readonly accepted: number; readonly delivered: number }[];
  readonly lift: { readonly basis: string } | null;
}
