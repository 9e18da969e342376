import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { isHeld, recordProgress } from '../libs/lifecycle/enrolments.js';
import { versionOf } from '../libs/campaigns/versions.js';
import { isEngineEffect, type EffectResult, type EngineEffect, type JourneyEffect, type Visit } from '../libs/journeys/effects.js';
import type { JourneyGraph } from '../libs/journeys/graph.js';
import type { DispatchHints } from '../libs/messaging/dispatch/hints.js';
import type { PolicyTables } from '../libs/messaging/contact-policy/policy-tables.js';
import { queryOne } from '../libs/persistence/sql.js';
import type { Clock } from '../libs/platform/clock.js';
import { notFound } from '../libs/platform/problem.js';
import { assess } from './effects/assess.js';
import { branch } from './effects/branch.js';
import { checkGoal } from './effects/check-goal.js';
import { choose } from './effects/choose.js';
import { close } from './effects/close.js';
import { park } from './effects/park.js';
import type { Performer, Traveller } from './effects/performer.js';
import { send } from './effects/send.js';

export interface EffectCall {
  readonly enrolmentId: string;
  readonly effect: JourneyEffect;
  /** Steps reached and left since the effect before. */
  readonly visits: readonly Visit[];
}

export interface Opening {
  readonly graph: JourneyGraph;
  /** Milliseconds of campaign time. */
  readonly enteredAt: number;
  readonly windowEndsAt: number;
}

export type EffectKind = 'assess' | 'choose' | 'send' | 'branch' | EngineEffect['kind'];

/** What a journey may do to the world: one activity a kind of effect, and one that opens it. */
export type JourneyActivities = { readonly [Kind in EffectKind]: (call: EffectCall) => Promise<EffectResult> } & {
  /** @returns null where the enrolment is closed already: its campaign was cancelled before the journey began */
  open(enrolmentId: string): Promise<Opening | null>;
};

export interface JourneyContext {
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly hints: DispatchHints;
  /** Of the channels that are set up. */
  readonly policy: PolicyTables;
}

export function createJourneyActivities({ orm, clock, hints, policy }: JourneyContext): JourneyActivities {
  const performers = { assess, choose, send: send(hints, policy), branch, 'check-goal': checkGoal, park, close };

  /** The effect, its bookkeeping and where the journey stands now: one transaction. */
  function activity(kind: EffectKind, performer: Performer) {
    return async ({ enrolmentId, effect, visits }: EffectCall): Promise<EffectResult> => {
      if (effect.kind !== kind) throw new Error(`The activity ${kind} was called with an effect of kind ${effect.kind}`);
      const result = await orm.em.fork().transactional(async (tx): Promise<EffectResult> => {
        const traveller = await travellerOf(tx, enrolmentId);
        await recordProgress(tx, enrolmentId, traveller.campaignId, visits, waitingUntil(effect));
        if (performer.holdable && (await isHeld(tx, enrolmentId))) return { kind: 'held' };
        return performer.perform(tx, traveller, effect, clock.now());
      });
      await performer.afterwards?.(result);
      return result;
    };
  }

  return {
    open: async (enrolmentId) => {
      const { definition, enteredAt, measureAt, closed } = await versionOf(orm.em.fork(), enrolmentId);
      if (closed) return null;
      return { graph: definition.journey, enteredAt: enteredAt.getTime(), windowEndsAt: measureAt.getTime() };
    },
    assess: activity('assess', performers.assess),
    choose: activity('choose', performers.choose),
    send: activity('send', performers.send),
    branch: activity('branch', performers.branch),
    'check-goal': activity('check-goal', performers['check-goal']),
    park: activity('park', performers.park),
    close: activity('close', performers.close),
  };
}

function waitingUntil(effect: JourneyEffect): number | null {
  return isEngineEffect(effect) && effect.kind === 'park' ? effect.until : null;
}

async function travellerOf(em: EntityManager, enrolmentId: string): Promise<Traveller> {
  const row = await queryOne<Traveller>(
    em,
    'select id as "enrolmentId", campaign_id as "campaignId", customer_id as "customerId" from enrolment where id = $1',
    [enrolmentId],
  );
  if (row === undefined) throw notFound('enrolment', enrolmentId);
  return row;
}
