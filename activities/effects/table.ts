import type { DispatchHints } from '../../libs/messaging/dispatch/hints.js';
import type { PolicyTables } from '../../libs/messaging/contact-policy/policy-tables.js';
import { stepKinds } from '../../libs/journeys/steps/table.js';
import { Kinds } from '../../libs/platform/kinds.js';
import { assess } from './assess.js';
import { branch } from './branch.js';
import { checkGoal } from './check-goal.js';
import { choose } from './choose.js';
import { close } from './close.js';
import { park } from './park.js';
import type { Performer } from './performer.js';
import { send } from './send.js';

/** The parts from which performers are made. */
export interface EffectTools {
  readonly hints: DispatchHints;
  /** The present contact policy, for the channels that are set up. */
  readonly policy: () => PolicyTables;
}

/** Every effect: a new one is a file beside these and a line here. */
export const effects = new Kinds<(tools: EffectTools) => Performer>('effect', {
  assess: () => assess,
  choose: () => choose,
  send: ({ hints, policy }) => send(hints, policy),
  branch: () => branch,
  'check-goal': () => checkGoal,
  park: () => park,
  close: () => close,
});

/** The performers of all effects. @throws Error if a step kind needs one without a performer, so that no worker starts */
export function createPerformers(tools: EffectTools): ReadonlyMap<string, Performer> {
  for (const [, { effect }] of stepKinds.entries) if (effect !== undefined) effects.get(effect);
  return new Map(effects.entries.map(([kind, create]) => [kind, create(tools)]));
}
