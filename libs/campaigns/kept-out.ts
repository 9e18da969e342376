import { compileRule } from '../segments/rule.js';
import type { Facts } from '../segments/facts.js';
import { unmetBy, type Unmet } from '../segments/unmet.js';
import type { CampaignDefinition } from './definition.js';
import type { RunningState } from './running-campaigns.js';
import { triggerKinds } from './triggers/table.js';
import type { ScoreBound } from './triggers/trigger-kind.js';

/** Why a campaign would not enrol a customer now; the one that is hardest to change comes first. */
export const keptOutReasons = ['churned', 'objected', 'not-in-audience', 'trigger', 'enrolled-before', 'by-hand', 'paused'] as const;
export type KeptOutReason = (typeof keptOutReasons)[number];

export interface KeptOut {
  readonly reason: KeptOutReason;
  /** For `not-in-audience`: the parts of the audience's rule that do not hold. */
  readonly unmet: readonly Unmet[];
  /** For `trigger` and `enrolled-before`: the bound that a score has to pass, and the customer's score. Null if no score decides. */
  readonly bound: (ScoreBound & { readonly value: number | null }) | null;
}

/** What decides whether a campaign would enrol a customer who is not inside. */
export interface EntryFacts {
  readonly state: RunningState;
  readonly definition: Pick<CampaignDefinition, 'audience' | 'trigger'>;
  readonly facts: Facts;
  readonly objected: boolean;
  /** The customer meets the trigger now. */
  readonly meetsTrigger: boolean;
  /** Not enrolled since the trigger last armed them. */
  readonly armed: boolean;
}

/** All that keeps a customer out of a running campaign; nothing if its next check enrols them. The rules are those of enrol.ts. */
export function keptOut({ state, definition, facts, objected, meetsTrigger, armed }: EntryFacts): KeptOut[] {
  const { trigger } = definition;
  const kind = triggerKinds.get(trigger.kind);
  const enrols = kind.standing !== undefined;
  const unmet = unmetBy(compileRule(definition.audience), facts);
  const because = (reason: KeptOutReason, bound?: ScoreBound): KeptOut => ({
    reason,
    unmet: reason === 'not-in-audience' ? unmet : [],
    bound: bound === undefined ? null : { ...bound, value: facts.score[bound.score] ?? null },
  });
  return [
    ...(facts.customer['status'] === 'churned' ? [because('churned')] : []),
    ...(objected ? [because('objected')] : []),
    ...(unmet.length > 0 ? [because('not-in-audience')] : []),
    ...(enrols && !meetsTrigger ? [because('trigger', kind.entersAt?.(trigger))] : []),
    ...(enrols && !armed ? [because('enrolled-before', kind.armedAt?.(trigger))] : []),
    ...(enrols ? [] : [because('by-hand')]),
    ...(state === 'paused' ? [because('paused')] : []),
  ];
}
