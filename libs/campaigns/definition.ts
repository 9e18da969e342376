import type { JourneyGraph } from '../journeys/graph.js';
import type { Trigger } from './triggers/trigger-kind.js';

/** A campaign definition after validation: what a version stores. Durations in milliseconds, money in minor units. */
export interface CampaignDefinition {
  readonly campaign: string;
  readonly title: string;
  /** CEL; true means that the customer is saved, at any step of the journey. Null if there is no goal. */
  readonly goal: string | null;
  /** CEL: which customers may be enrolled. */
  readonly audience: string;
  readonly trigger: Trigger;
  /** 0 to 1. */
  readonly holdout: number;
  readonly budget: { readonly minor: number; readonly currency: string };
  /** How long an enrolment lasts and when both arms are measured. */
  readonly windowMs: number;
  /** If several campaigns want to write to the same customer, the higher number goes first. */
  readonly priority: number;
  readonly journey: JourneyGraph;
}
