import { compileRule } from '../segments/rule.js';
import type { CampaignDefinition } from './definition.js';
import { triggerKinds } from './triggers/table.js';

/** The fields of a customer whose change makes a version check the customer again, named as in rules. */
export interface Asks {
  /** The fields of the goal, and the status, because a churned customer's journey ends. */
  readonly goalAsks: string[];
  /** The fields that decide whether the trigger may enrol somebody, beside its own score. None if customers are enrolled only by hand. */
  readonly triggerAsks: string[];
}

/** The fields that a definition reads, taken from the syntax trees of its rules. */
export function asksOf({ goal, audience, trigger }: CampaignDefinition): Asks {
  return {
    goalAsks: withStatus(goal === null ? [] : compileRule(goal).asks),
    triggerAsks: triggerKinds.get(trigger.kind).standing === undefined ? [] : withStatus(compileRule(audience).asks),
  };
}

const withStatus = (fields: readonly string[]): string[] => [...new Set(['customer.status', ...fields])];
