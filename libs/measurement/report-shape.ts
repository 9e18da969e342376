import type { CampaignState } from '../campaigns/campaign.entity.js';

// What the report of a campaign says, as the API sends it and the console reads it: shapes alone, so that a browser's program
// can have them too.

/** How a campaign stands. Counts are of enrolments unless they say otherwise; money is in minor units. */
export interface CampaignReport {
  readonly campaign: {
    readonly id: string;
    readonly key: string;
    readonly title: string;
    readonly state: CampaignState;
    /** Why it paused automatically; null if it did not. */
    readonly pauseReason: string | null;
    readonly version: number;
    readonly launchedAt: string | null;
    readonly windowDays: number;
    readonly audience: string;
    /** As in `churn rises above 0.60`. */
    readonly trigger: string;
    readonly holdout: number;
    readonly currency: string;
  };
  /** `total` is treated and holdout together, those who are inside or were; `pending` waits outside. */
  readonly entered: { readonly total: number; readonly treated: number; readonly holdout: number; readonly pending: number };
  /** Journeys that have not ended; the held-out have none. A journey that has yet to reach a step is in no step; one is `deferred` while its message waits for its time. */
  readonly underway: {
    readonly total: number;
    readonly paused: number;
    readonly deferred: number;
    readonly byStep: Readonly<Record<string, number>>;
  };
  /** Every closed enrolment once, by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly budget: { readonly cap: number; readonly reserved: number; readonly spent: number };
  readonly offers: {
    readonly issued: number;
    readonly open: number;
    readonly accepted: number;
    readonly declined: number;
    readonly expired: number;
    readonly withdrawn: number;
    readonly byTreatment: readonly TreatmentCounts[];
  };
  /** Each message once, under the state that it is in; `planned` is all that has not been handed over yet. */
  readonly messages: readonly MessageCounts[];
  /** How many decisions; deferred and blocked ones by their main reason, the most frequent first. */
  readonly decisions: {
    readonly send: number;
    readonly treat: number;
    readonly none: number;
    readonly deferred: readonly ReasonCount[];
    readonly blocked: readonly ReasonCount[];
  };
  /** By answer. */
  readonly responses: Readonly<Record<string, number>>;
  readonly lift: CampaignLift | null;
  /** A program answers for some of its customers, as in the demo: what they do proves nothing about real ones. */
  readonly madeUp: boolean;
  /** Names, addresses or consents of some of its customers were made up: nobody is there. */
  readonly madeUpPeople: boolean;
  /** Those who are or were in each version, both arms; of the treated, those who are inside now. */
  readonly versions: readonly { readonly version: number; readonly enrolled: number; readonly underway: number }[];
  /** The journey of one version, with the customers of that version alone. */
  readonly graph: JourneyPicture & {
    readonly version: number;
    readonly entered: { readonly total: number; readonly treated: number; readonly holdout: number };
    readonly outcomes: Readonly<Record<string, number>>;
  };
}

export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
}

export interface TreatmentCounts {
  readonly treatment: string;
  readonly title: string;
  readonly issued: number;
  readonly accepted: number;
}

/** The messages of one channel, by the state that each is in. */
export interface MessageCounts {
  readonly channel: string;
  readonly planned: number;
  readonly accepted: number;
  readonly delivered: number;
  readonly bounced: number;
  readonly rejected: number;
  readonly unknown: number;
  readonly withdrawn: number;
  readonly late: number;
  /** Into how many texts the messages were split; 0 if a channel does not split them. */
  readonly segments: number;
  /** What the provider asks for them, in minor units; 0 if it is not known. */
  readonly cost: number;
}

export interface ArmRate {
  readonly n: number;
  readonly retained: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** How many of an arm have reached the goal. */
export interface GoalRate {
  readonly n: number;
  readonly reached: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** What the campaign did and kept against its holdout. Intervals are 95%. docs/measurement.md says how each figure is computed. */
export interface CampaignLift {
  /** `measured` once everybody's window has ended; `so-far` says who has not left by now. */
  readonly basis: 'measured' | 'so-far';
  /** Reaching the goal; null if the campaign has none of its own. `difference` is of the rates, treated less holdout. */
  readonly goal: {
    readonly rule: string;
    readonly treated: GoalRate;
    readonly holdout: GoalRate;
    readonly difference: number;
    readonly low: number;
    readonly high: number;
  } | null;
  /** Still customers. */
  readonly treated: ArmRate;
  readonly holdout: ArmRate;
  /** Of the rates, treated less holdout. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /**
   * Whole minor units a month, against what each customer paid when they entered: the mean change of one customer, and what was kept
   * in all (the difference times the treated with a charge). Null until two customers of each arm have a charge.
   */
  readonly revenue: {
    /** How many have a charge in the campaign's currency. */
    readonly treatedCharged: number;
    readonly holdoutCharged: number;
    readonly treatedMean: number;
    readonly holdoutMean: number;
    readonly difference: number;
    readonly low: number;
    readonly high: number;
    readonly keptTotal: number;
    readonly keptLow: number;
    readonly keptHigh: number;
  } | null;
  /** The share held out: as planned, as it is, and how likely chance alone puts it that far off. */
  readonly sampleRatio: { readonly expected: number; readonly actual: number; readonly p: number };
}

export interface StepPicture {
  readonly id: string;
  readonly kind: string;
  /** What the step is, as in `Choose treatment`. */
  readonly title: string;
  /** What is particular about it, as in `4 days`; empty if nothing is. */
  readonly detail: string;
  /** Customers are waited for here, for an answer. */
  readonly listens: boolean;
  /** The outcome that it ends the journey with; null if it does not. */
  readonly ends: string | null;
  /** How a journey ends here where the definition names no way of this label. */
  readonly ending: { readonly label: string; readonly outcome: string; readonly usual: boolean } | null;
  /** How often it was reached. */
  readonly visits: number;
  /** How many stand there now. */
  readonly waiting: number;
  readonly ways: readonly { readonly label: string; readonly to: string; readonly count: number }[];
}

export interface JourneyPicture {
  readonly first: string;
  /** In the order in which a customer can come to them. */
  readonly steps: readonly StepPicture[];
}
