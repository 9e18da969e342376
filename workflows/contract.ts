import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import type { CampaignCommand } from '../libs/campaigns/campaign-states.js';
import type { CampaignState } from '../libs/campaigns/campaign.entity.js';
import type { CrossingsPlace } from '../libs/campaigns/enrol.js';
import type { JourneyInput } from '../libs/journeys/effects.js';
import type { JourneyState } from '../libs/journeys/engine.js';
import type { JourneySignal } from '../libs/journeys/journey-signal.js';
import type { ClockRate } from '../libs/platform/clock.js';
import type { BegunSweep, Shard, SweepPlace } from '../libs/scoring/sweep/sweep.js';

/*
 * Every name that crosses between Temporal and the rest of the product, with its type. Imported by processes that run no
 * workflow, so it loads nothing: types only.
 */

/** The types of workflow, and what each is started with. */
export const workflowTypes = { campaign: 'campaign', journey: 'journey', sweep: 'sweep' } as const;

export interface JourneyArguments {
  readonly enrolmentId: string;
  readonly clock: ClockRate;
  /** What the previous run passed on; absent at the start. */
  readonly carried?: CarriedJourney;
}

/** A journey between two runs of its workflow. */
export interface CarriedJourney {
  readonly state: JourneyState;
  /** Until when it waits, in campaign milliseconds since 1970; null while it waits only for a signal. */
  readonly until: number | null;
  /** Inputs that arrived and were not handled yet. */
  readonly inputs: readonly JourneyInput[];
  /** Ids of the latest signals. */
  readonly seen: readonly string[];
}

export interface CampaignArguments {
  readonly campaignId: string;
  readonly clock: ClockRate;
  /** Carried from run to run. */
  readonly phase?: CampaignState;
  /** Where a check of the scores that began in the previous run continues. */
  readonly crossings?: CrossingsPlace | null;
}

export interface SweepArguments {
  /** The kinds of score; left out for all that have a model in use. */
  readonly kinds?: readonly string[];
}

export type SweepWorkflow = (args: SweepArguments) => Promise<readonly SweptScore[]>;
export type JourneyWorkflow = (args: JourneyArguments) => Promise<string>;
export type CampaignWorkflow = (args: CampaignArguments) => Promise<void>;

/** It may be delivered again after a crash, so the id identifies it. */
export interface DeliveredSignal {
  readonly id: string;
  readonly signal: JourneySignal;
}

export const journeySignals = {
  /** Something happened to the customer or a message. */
  deliver: defineSignal<[DeliveredSignal]>('deliver'),
  resume: defineSignal('resume'),
  cancel: defineSignal('cancel'),
} as const;

export const campaignSignals = {
  /** Scores or customers changed: somebody may have crossed a threshold. */
  wake: defineSignal('wake'),
  /** Somebody was enrolled and waits for the launcher. */
  letIn: defineSignal('letIn'),
} as const;

export const campaignUpdates = {
  /** A marketer's command. Rejected before it changes anything if the campaign's phase does not allow it. */
  command: defineUpdate<CampaignState, [CampaignCommand]>('command'),
} as const;

/** Set at the start, where they cost nothing, so that an operator finds workflows by customer and campaign. Ids only. */
export const searchAttributes = {
  campaignId: { name: 'PerennialCampaignId', type: 'KEYWORD' },
  customerId: { name: 'PerennialCustomerId', type: 'KEYWORD' },
} as const;

export interface WakeCall {
  readonly enrolmentId: string;
  /** Null before the first wake. */
  readonly state: JourneyState | null;
  /** Inputs that arrived since the previous wake, in order. */
  readonly inputs: readonly JourneyInput[];
  /** The workflow's time, in campaign milliseconds since 1970. */
  readonly now: number;
}

/** The journey after a wake. */
export interface Woken {
  /** Null if the enrolment was closed before its journey began. */
  readonly state: JourneyState | null;
  /** When to wake it next if nothing arrives before, in campaign milliseconds since 1970; null: only when something arrives. */
  readonly until: number | null;
  /** Set once the journey has ended. */
  readonly outcome: string | null;
}

export interface JourneyActivities {
  /** Advances a journey as far as possible now: until it parks, is paused or ends. Repeated with the same call, it returns the first results. */
  wake(call: WakeCall): Promise<Woken>;
}

/** The result of one slice of a task that may be long. */
export interface Slice {
  /** Whether it continues in the next slice. */
  readonly more: boolean;
  /** How many journeys could not be reached; they are tried again in the next cycle. */
  readonly unreached: number;
}

/** Each does a slice of its work and returns, so that none has to handle a million within its time-out. */
export interface CampaignActivities {
  /** Changes the campaign's state by a command, with immediate effect. `carryOut` handles the enrolments inside. */
  changeState(call: { campaignId: string; command: CampaignCommand }): Promise<void>;
  /** Applies the campaign's state to the enrolments inside: lets paused ones continue, or ends them. */
  carryOut(campaignId: string): Promise<Slice>;
  /** Enrols customers who crossed the trigger since the last check. @returns where to continue; null if everybody was checked */
  enrol(call: { campaignId: string; from: CrossingsPlace | null }): Promise<CrossingsPlace | null>;
  /** Admits pending enrolments, at most a launch window at once, until none is left or the campaign is not live. */
  launch(campaignId: string): Promise<Slice>;
  /** Measures every enrolment whose window has ended; returns when the next one is due (campaign ms) and whether any is open. */
  measure(campaignId: string): Promise<{ open: boolean; nextMeasureAt: number | null; more: boolean }>;
}

/** What a sweep of one kind came to. */
export interface SweptScore {
  readonly kind: string;
  /** Customers who were looked at, and how many of their scores are others now. */
  readonly scored: number;
  readonly changed: number;
}

export interface SweepActivities {
  /** The kinds of score that have a model in use. */
  kindsInUse(): Promise<string[]>;
  beginSweep(kind: string): Promise<BegunSweep>;
  /** Scores a shard, or as much of it as fits into a slice; from its start where no place is given. @returns where it goes on */
  sweepShard(call: { sweepId: string; shard: Shard; place?: SweepPlace }): Promise<{ place: SweepPlace; done: boolean }>;
  finishSweep(call: { sweepId: string; places: readonly SweepPlace[] }): Promise<SweptScore>;
}

/** The workflow id of an enrolment's journey: one enrolment, one journey, whatever is retried. */
export function journeyId(enrolmentId: string): string {
  return `journey:${enrolmentId}`;
}

export function campaignWorkflowId(campaignId: string): string {
  return `campaign:${campaignId}`;
}

/** The same as Temporal's own functions of these names, which are in a library that only workflows should load. */
function defineSignal<Args extends unknown[] = []>(name: string): SignalDefinition<Args> {
  return { type: 'signal', name } as SignalDefinition<Args>;
}

function defineUpdate<Result, Args extends unknown[]>(name: string): UpdateDefinition<Result, Args> {
  return { type: 'update', name } as UpdateDefinition<Result, Args>;
}
