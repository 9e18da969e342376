import type { EntityManager } from '@mikro-orm/postgresql';
import type { EffectResult, JourneyEffect } from '../../libs/journeys/effects.js';

/** Each kind of effect with its own shape. */
export type EffectOf = { readonly [Effect in JourneyEffect as Effect['kind']]: Effect };
export type EffectKind = keyof EffectOf;

/** Whose journey an effect is performed for. */
export interface Traveller {
  readonly enrolmentId: string;
  readonly campaignId: string;
  readonly customerId: string;
}

/** How one kind of effect is performed, inside the transaction that also records where the journey stands. */
export interface Performer<Kind extends EffectKind> {
  /** True where a paused campaign must not do it: it waits for the resume. */
  readonly holdable: boolean;
  perform(tx: EntityManager, traveller: Traveller, effect: EffectOf[Kind], now: Date): Promise<EffectResult>;
  /** What may follow once the transaction is committed: a hint, never a must. */
  afterwards?(result: EffectResult): Promise<void>;
}

export type Performers = { readonly [Kind in EffectKind]: Performer<Kind> };
