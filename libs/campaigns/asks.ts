import { compileRule } from '../segments/rule.js';
import type { CampaignDefinition } from './definition.js';
import { triggerKinds } from './triggers/table.js';

/** What must change about a customer for a version to look at them again: fields as rules name them. */
export interface Asks {
  /** Of the goal, and the status, since who churned ends. */
  readonly goalAsks: string[];
  /** Of what says whether the trigger may enrol somebody, beside its own score. None where nothing but a hand enrols. */
  readonly triggerAsks: string[];
}

/** What a definition asks about customers, known from the syntax trees of its rules. */
export function asksOf({ goal, audience, trigger }: CampaignDefinition): Asks {
  return {
    goalAsks: withStatus(goal === null ? [] : compileRule(goal).asks),
    triggerAsks: triggerKinds.get(trigger.kind).standing === undefined ? [] : withStatus(compileRule(audience).asks),
  };
}

const withStatus = (fields: readonly string[]): string[] => [...new Set(['customer.status', ...fields])];
