import type { CampaignState } from '../campaigns/campaign.entity.js';

// The report of a campaign, as the API sends it and the console reads it: only types, so that a browser's program
// can use them too.

/** The state of a campaign. Counts are enrolments unless stated otherwise; money is in minor units. */
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
  /** `total` is treated and holdout together, present and past; `pending` is not inside yet. */
  readonly entered: { readonly total: number; readonly treated: number; readonly holdout: number; readonly pending: number };
  /**
   * Journeys that have not ended; the held-out have none. A journey before its first step is at no step; a journey is `deferred` while its
   * message waits for its time.
   */
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
  /** Each message once, under the state that it is in; `planned` is every message that has not been submitted yet. */
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
  /** A program answers for some of its customers, as in the demo: their behaviour proves nothing about real customers. */
  readonly madeUp: boolean;
  /** Names, addresses or consents of some of its customers were made up: the people do not exist. */
  readonly madeUpPeople: boolean;
  /** All customers of each version, both arms; and the treated ones who are inside now. */
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
  /** The number of segments of the messages; 0 if a channel has no segments. */
  readonly segments: number;
  /** The provider's price for them, in minor units; 0 if it is not known. */
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

/** The effect of the campaign compared with its holdout. Intervals are 95%. docs/measurement.md says how each figure is computed. */
export interface CampaignLift {
  /** `measured` when everybody's window has ended; `so-far` counts who has not churned by now. */
  readonly basis: 'measured' | 'so-far';
  /** Reaching the goal; null if the campaign has none. `difference` is of the rates, treated less holdout. */
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
  /** The difference of the rates, treated less holdout. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /**
   * Whole minor units per month, compared with each customer's charge at entry: the mean change of one customer, and the total kept (the
   * difference times the treated with a charge). Null until two customers of each arm have a charge.
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
  /** The share held out: as planned, as it is, and the probability that chance alone makes it differ this much. */
  readonly sampleRatio: { readonly expected: number; readonly actual: number; readonly p: number };
}

export interface StepPicture {
  readonly id: string;
  readonly kind: string;
  /** What the step is, as in `Choose treatment`. */
  readonly title: string;
  /** Its details, as in `4 days`; empty if there are none. */
  readonly detail: string;
  /** The journey waits for an answer here. */
  readonly listens: boolean;
  /** The outcome with which it ends the journey; null if it does not. */
  readonly ends: string | null;
  /** How a journey ends here if the definition has no way of this label. */
  readonly ending: { readonly label: string; readonly outcome: string; readonly usual: boolean } | null;
  /** How often it was reached. */
  readonly visits: number;
  /** How many customers are at this step now. */
  readonly waiting: number;
  readonly ways: readonly { readonly label: string; readonly to: string; readonly count: number }[];
}

export interface JourneyPicture {
  readonly first: string;
  /** In the order in which a customer can reach them. */
  readonly steps: readonly StepPicture[];
}
