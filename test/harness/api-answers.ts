/** What end-to-end specs read from the api's answers; the whole of each is described by the api itself, and compared with it. */

import type { Outcome } from '../../libs/journeys/outcome.js';

/** An enrolment in a list. */
export interface Row {
  readonly id: string;
  readonly customer: { readonly id: string };
  readonly state: string;
  readonly outcome: Outcome | null;
}

/** All that explains one enrolment. */
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

/** How a campaign stands. */
export interface Report {
  readonly entered: { readonly total: number };
  readonly underway: { readonly total: number; readonly paused: number };
  readonly outcomes: Readonly<Record<string, number>>;
  readonly budget: object;
  readonly messages: readonly { readonly accepted: number; readonly delivered: number }[];
  readonly lift: { readonly basis: string } | null;
}
