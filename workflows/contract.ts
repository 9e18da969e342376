import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import type { CampaignCommand } from '../libs/campaigns/campaign-states.js';
import type { CampaignState } from '../libs/campaigns/campaign.entity.js';
import type { CrossingsPlace } from '../libs/campaigns/enrol.js';
import type { JourneyInput } from '../libs/journeys/effects.js';
import type { JourneyState } from '../libs/journeys/engine.js';
import type { JourneySignal } from '../libs/journeys/journey-signal.js';
import type { ClockRate } from '../libs/platform/clock.js';

/*
 * Every name that crosses between Temporal and the rest of the product, with its type. Imported by processes that run no
 * workflow, so it loads nothing: types only.
 */

/** The types of workflow, and what each is started with. */
export const workflowTypes = { campaign: 'campaign', journey: 'journey' } as const;

export interface JourneyArguments {
  readonly enrolmentId: string;
  readonly clock: ClockRate;
  /** What the run before handed over; absent at the start. */
  readonly carried?: CarriedJourney;
}

/** A journey between two runs of its workflow. */
export interface CarriedJourney {
  readonly state: JourneyState;
  /** Until when it waits, in campaign milliseconds since 1970; null while it waits for a signal alone. */
  readonly until: number | null;
  /** What arrived and was not handled yet. */
  readonly inputs: readonly JourneyInput[];
  /** Ids of the latest signals. */
  readonly seen: readonly string[];
}

export interface CampaignArguments {
  readonly campaignId: string;
  readonly clock: ClockRate;
  /** Carried from run to run. */
  readonly phase?: CampaignState;
  /** Where a look at the scores, begun in the run before, goes on. */
  readonly crossings?: CrossingsPlace | null;
}

export type JourneyWorkflow = (args: JourneyArguments) => Promise<string>;
export type CampaignWorkflow = (args: CampaignArguments) => Promise<void>;

/** Delivered again after a crash, so the id is what makes it one event. */
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
  /** Somebody was enrolled who waits to be let in. */
  letIn: defineSignal('letIn'),
} as const;

export const campaignUpdates = {
  /** A marketer's command. Rejected before it touches anything where the campaign's phase does not allow it. */
  command: defineUpdate<CampaignState, [CampaignCommand]>('command'),
} as const;

/** Set at the start, where they cost nothing, so that an operator finds workflows by whom they are for. Ids only. */
export const searchAttributes = {
  campaignId: { name: 'PerennialCampaignId', type: 'KEYWORD' },
  customerId: { name: 'PerennialCustomerId', type: 'KEYWORD' },
} as const;

export interface WakeCall {
  readonly enrolmentId: string;
  /** Null before the first wake. */
  readonly state: JourneyState | null;
  /** What arrived since the wake before, in order. */
  readonly inputs: readonly JourneyInput[];
  /** The workflow's time, in campaign milliseconds since 1970. */
  readonly now: number;
}

/** Where a wake left the journey. */
export interface Woken {
  /** Null if the enrolment was closed before its journey began. */
  readonly state: JourneyState | null;
  /** When to wake it next if nothing arrives before, in campaign milliseconds since 1970; null: only when something arrives. */
  readonly until: number | null;
  /** Set once the journey has ended. */
  readonly outcome: string | null;
}

export interface JourneyActivities {
  /**
   * Takes a journey as far as it goes now: until it parks, is paused or ends. Done again with the same call, it gives the
   * first answers.
   */
  wake(call: WakeCall): Promise<Woken>;
}

/** What came of one slice of a work that may be long. */
export interface Slice {
  /** Whether it goes on, in the next slice. */
  readonly more: boolean;
  /** How many journeys could not be reached; they are tried again in the next cycle. */
  readonly unreached: number;
}

/** Each does a slice of its work and hands back: none has to get through a million within its time-out. */
export interface CampaignActivities {
  /** Changes the campaign's state as a command says, which holds from then on. Those inside are seen to by `carryOut`. */
  changeState(call: { campaignId: string; command: CampaignCommand }): Promise<void>;
  /** Does for those inside what the campaign's state asks: lets the paused go on, or ends them. */
  carryOut(campaignId: string): Promise<Slice>;
  /** Enrols who crossed the trigger since the last look. @returns where to go on; null if everybody was looked at */
  enrol(call: { campaignId: string; from: CrossingsPlace | null }): Promise<CrossingsPlace | null>;
  /** Lets pending enrolments in, no more at once than the launch window, until none is left or the campaign is not live. */
  launch(campaignId: string): Promise<Slice>;
  /** Measures every enrolment whose window has ended; says when the next one is due (campaign ms) and whether any is open. */
  measure(campaignId: string): Promise<{ open: boolean; nextMeasureAt: number | null; more: boolean }>;
}

/** The workflow id of an enrolment's journey: one enrolment, one journey, whatever is retried. */
export function journeyId(enrolmentId: string): string {
  return `journey:${enrolmentId}`;
}

export function campaignWorkflowId(campaignId: string): string {
  return `campaign:${campaignId}`;
}

/** As Temporal's own functions of these names do it, in a library that only workflows should load. */
function defineSignal<Args extends unknown[] = []>(name: string): SignalDefinition<Args> {
  return { type: 'signal', name } as SignalDefinition<Args>;
}

function defineUpdate<Result, Args extends unknown[]>(name: string): UpdateDefinition<Result, Args> {
  return { type: 'update', name } as UpdateDefinition<Result, Args>;
}
