import type { EntityManager } from '@mikro-orm/postgresql';
import type { EffectResult, EngineEffect, JourneyEffect } from '../../libs/journeys/effects.js';

/** Whose journey an effect is performed for. */
export interface Traveller {
  readonly enrolmentId: string;
  readonly campaignId: string;
  readonly customerId: string;
}

/** How one kind of effect is performed, inside the transaction that also records where the journey stands. */
export interface Performer<Effect extends JourneyEffect = JourneyEffect, Result extends EffectResult = EffectResult> {
  /** True where a paused campaign must not do it: it waits for the resume. */
  readonly holdable: boolean;
  perform(tx: EntityManager, traveller: Traveller, effect: Effect, now: Date): Promise<Result>;
  /** What may follow once the transaction is committed: a hint, never a must. */
  afterwards?(result: Result): Promise<void>;
}

export type EngineEffectOf<Kind extends EngineEffect['kind']> = Extract<EngineEffect, { readonly kind: Kind }>;
