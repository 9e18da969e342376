import type { CampaignReport as Report } from '../../../../libs/measurement/report-shape.js';

/** What the control API answers under /v1. Money in integer minor units; instants as ISO text in campaign time. */

export type CampaignState = 'draft' | 'live' | 'paused' | 'cancelled' | 'completed';
export type EnrolmentState = 'pending' | 'entered' | 'held' | 'closed';
export type Arm = 'treated' | 'holdout';
export type CampaignCommand = 'launch' | 'pause' | 'resume' | 'cancel' | 'complete';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface CampaignSummary {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  readonly state: CampaignState;
  readonly version: number;
  readonly launchedAt: string | null;
  readonly enrolled: number;
  readonly underway: number;
  readonly saved: number;
  readonly budget: { readonly cap: number; readonly reserved: number; readonly spent: number; readonly currency: string };
}

/** One version of a campaign, with its text. */
export interface CampaignVersion {
  readonly id: string;
  readonly version: number;
  readonly state: 'draft' | 'live' | 'past';
  readonly createdAt: string;
  readonly launchedAt: string | null;
  readonly enrolled: number;
  readonly underway: number;
  readonly source: string;
}

export type AlertKind = 'provider-down' | 'provider-refuses' | 'provider-slow' | 'campaign-paused' | 'files-broken' | 'events-stuck';

/** Something that somebody has to look at. */
export interface Alert {
  readonly id: string;
  readonly kind: AlertKind;
  /** A channel, or the id of a campaign. */
  readonly subject: string;
  /** Of the campaign that it is about. */
  readonly title: string | null;
  readonly detail: string;
  readonly raisedAt: string;
  /** Null while it holds. */
  readonly clearedAt: string | null;
}

/** How the provider of a channel fares; instants are real time. */
export interface Provider {
  readonly channel: string;
  /** False where this installation sends nothing on the channel. */
  readonly setUp: boolean;
  readonly breaker: 'closed' | 'open' | 'probing';
  readonly retryAt: string | null;
  readonly trips: number;
  readonly pausedUntil: string | null;
  readonly ratePerSecond: number;
}

/** The report as it is made, and when that was. */
export interface CampaignReport extends Report {
  readonly clock: { readonly now: string; readonly speed: number };
}

export type HappeningKind = 'saved' | 'treat' | 'none' | 'defer' | 'block' | 'stop' | 'declined' | 'question' | 'closed';

export interface Happening {
  readonly at: string;
  readonly kind: HappeningKind;
  readonly customer: { readonly id: string; readonly name: string | null };
  readonly text: string;
  readonly enrolmentId: string;
}

export interface EnrolmentSummary {
  readonly id: string;
  readonly customer: { readonly id: string; readonly name: string | null };
  readonly arm: Arm;
  readonly state: EnrolmentState;
  readonly step: string | null;
  readonly outcome: string | null;
  readonly triggerScore: number | null;
  readonly enteredAt: string | null;
  readonly waitingUntil: string | null;
}

export interface VisitRow {
  readonly ordinal: number;
  readonly step: string;
  readonly enteredAt: string;
  readonly label: string | null;
}

export interface CandidateRow {
  readonly key: string;
  readonly eligible: boolean;
  /** Expected incremental profit in minor units; null where it was not eligible. */
  readonly value: number | null;
  readonly reasons: readonly string[];
}

export interface DecisionRow {
  readonly id: string;
  readonly step: string | null;
  readonly occurrence: number;
  readonly kind: 'assess' | 'treat' | 'none' | 'send' | 'defer' | 'block';
  readonly subject: string | null;
  readonly candidates: readonly CandidateRow[];
  readonly reasons: readonly string[];
  readonly until: string | null;
  readonly at: string;
}

export interface OfferRow {
  readonly id: string;
  readonly step: string;
  readonly treatment: string;
  readonly title: string;
  readonly cost: number;
  readonly currency: string;
  readonly state: 'open' | 'accepted' | 'declined' | 'expired' | 'withdrawn';
  readonly issuedAt: string;
  readonly expiresAt: string;
}

export interface MessageRow {
  readonly id: string;
  readonly step: string | null;
  readonly channel: string;
  readonly template: string;
  readonly state: string;
  readonly errorCode: string | null;
  readonly plannedAt: string;
  readonly submittedAt: string | null;
  readonly settledAt: string | null;
}

export interface ResponseRow {
  readonly id: string;
  readonly channel: string;
  readonly answer: string;
  /** The word or rule that decided it. */
  readonly because: string;
  /** What the customer wrote; null for a click. */
  readonly text: string | null;
  readonly receivedAt: string;
}

export interface EnrolmentStory {
  readonly id: string;
  readonly campaign: { readonly id: string; readonly key: string; readonly title: string };
  readonly customer: {
    readonly id: string;
    readonly name: string | null;
    readonly externalId: string;
    readonly timeZone: string | null;
    readonly locale: string;
  };
  readonly arm: Arm;
  readonly state: EnrolmentState;
  readonly outcome: string | null;
  readonly triggerScore: number | null;
  readonly createdAt: string;
  readonly enteredAt: string | null;
  readonly closedAt: string | null;
  readonly step: string | null;
  readonly waitingUntil: string | null;
  readonly retained: boolean | null;
  readonly visits: readonly VisitRow[];
  readonly decisions: readonly DecisionRow[];
  readonly offers: readonly OfferRow[];
  readonly messages: readonly MessageRow[];
  readonly responses: readonly ResponseRow[];
}

/** A message or a decision in a list of its own, with the enrolment whose story tells why; null outside of a journey. */
export type ListedMessage = MessageRow & { readonly enrolmentId: string | null };
/** One that the provider never answered for, with what it can be found by in the provider's log. */
export interface UnknownMessage extends MessageRow {
  /** Null outside of a journey. */
  readonly enrolmentId: string | null;
  /** Null where no campaign sends it. */
  readonly campaignId: string | null;
  readonly providerId: string | null;
  /** The Message-ID of a mail; null for other channels. */
  readonly searchFor: string | null;
}
export type ListedDecision = DecisionRow & { readonly enrolmentId: string | null };

/** What GET /v1/campaigns/{key} adds to a summary, as far as the console asks. */
export interface CampaignDetail extends CampaignSummary {
  /** The YAML of the version that enrols. */
  readonly source: string;
}

/** What a definition would do if it were launched now. */
export interface Estimate {
  readonly audience: number;
  /** Of the audience, who may be sent marketing on some channel. */
  readonly reachable: number;
  readonly entering: { readonly total: number; readonly treated: number; readonly holdout: number };
  /** What the definition asks of customers and finds in none of them, or in all. */
  readonly warnings: readonly { readonly where: string; readonly what: string }[];
}

export interface TemplateSummary {
  readonly template: string;
  /** Of its e-mail, for a sample customer. */
  readonly subject: string;
  readonly locales: readonly string[];
  readonly channels: readonly string[];
  readonly links: readonly string[];
}

export interface TemplateFault {
  readonly file: string;
  readonly field: string | null;
  readonly line: number | null;
  readonly what: string;
}

export interface TemplatePage extends Page<TemplateSummary> {
  readonly faults: readonly TemplateFault[];
}

export interface TemplatePreview {
  readonly channel: string;
  readonly locale: { readonly asked: string; readonly used: string; readonly because: 'exact' | 'language' | 'company' | 'english' };
  readonly customer: { readonly id: string; readonly externalId: string; readonly name: string | null } | null;
  readonly samples: readonly ('customer' | 'offer')[];
  readonly email: { readonly subject: string; readonly html: string; readonly text: string } | null;
  readonly sms: { readonly text: string; readonly encoding: 'gsm-7' | 'ucs-2'; readonly units: number; readonly segments: number } | null;
  readonly whatsapp: {
    readonly text: string;
    readonly content: { readonly sid: string; readonly variables: Readonly<Record<string, string>> };
  } | null;
}

export interface FoundCustomer {
  readonly id: string;
  readonly externalId: string;
  readonly name: string | null;
  readonly locale: string;
}

export type Meaning = 'accepted' | 'declined' | 'question' | 'opt-out' | 'none';

/** What a choice would do, as the api will do it. */
export interface Choice {
  readonly answer: Meaning;
  readonly barred: boolean;
  readonly offer: { readonly becomes: string; readonly by: 'choice' | 'journey' | null } | null;
  readonly journey:
    | {
        readonly told: true;
        readonly leads: { readonly kind: 'ends'; readonly outcome: string } | { readonly kind: 'goes-on'; readonly step: string };
      }
    | { readonly told: false; readonly because: 'has-heard' | 'nothing-to-tell' }
    | null;
  readonly ends: readonly string[];
}

/** How a customer may be reached. */
export interface Reach {
  readonly timeZone: string | null;
  readonly preferredChannel: string | null;
  readonly contactPoints: readonly { readonly channel: string; readonly address: string; readonly uses: readonly string[] }[];
}

/** An answer that waits for a person, or that a person has read. */
export interface ListedTask {
  readonly id: string;
  readonly kind: 'unclear' | 'question' | 'complaint';
  readonly createdAt: string;
  readonly dueAt: string;
  readonly closedAt: string | null;
  readonly resolution: Meaning | null;
  readonly closedBy: string | null;
  readonly customer: { readonly id: string; readonly name: string | null; readonly locale: string };
  readonly campaign: { readonly key: string; readonly title: string } | null;
  readonly enrolmentId: string | null;
  readonly underway: boolean;
  readonly reach: Reach;
  /** Whether one can write back now; null for a closed task. */
  readonly reply:
    | { readonly possible: true; readonly address: string; readonly notBefore: string; readonly waits: boolean; readonly longest: number }
    | { readonly possible: false; readonly reason: string }
    | null;
  readonly replies: readonly {
    readonly messageId: string;
    readonly text: string;
    readonly writtenAt: string;
    readonly writtenBy: string;
    readonly state: string;
    readonly notBefore: string;
    readonly errorClass: string | null;
  }[];
  /** What closing with each meaning would do; none for a closed task. */
  readonly choices: readonly Choice[];
  readonly response: {
    readonly channel: string;
    readonly text: string | null;
    readonly answer: string;
    readonly because: string;
    readonly receivedAt: string;
    readonly lastHeardAt: string;
  };
  readonly offer: {
    readonly id: string;
    readonly title: string;
    readonly state: string;
    readonly expiresAt: string;
    readonly cost: number;
    readonly currency: string;
  } | null;
}

export interface TaskPage extends Page<ListedTask> {
  /** How many wait, of all kinds. */
  readonly open: number;
}

export type SkipReason = 'unknown' | 'left' | 'objected' | 'already-enrolled' | 'not-in-audience';

/** What enrolling by hand did, or would do. Money in minor units. */
export interface HandEnrolment {
  readonly enrolled: number;
  readonly heldOut: number;
  readonly unreachable: number;
  readonly skipped: readonly { readonly externalId?: string; readonly reason: SkipReason }[];
  readonly skippedBy: Readonly<Record<SkipReason, number>>;
  readonly cost: { readonly atMost: number; readonly budgetLeft: number; readonly currency: string };
  /** Where the next page of a rule, or of the audience, begins. */
  readonly next: string | null;
}
