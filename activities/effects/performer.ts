import type { EntityManager } from '@mikro-orm/postgresql';
import type { CampaignDefinition } from '../../libs/campaigns/definition.js';
import type { EffectResult, EngineEffect, JourneyEffect, Visit } from '../../libs/journeys/effects.js';
import type { Facts } from '../../libs/segments/facts.js';

/** For whom an effect is performed, and where and when. */
export interface EffectContext {
  readonly enrolmentId: string;
  readonly campaignId: string;
  readonly customerId: string;
  readonly definition: CampaignDefinition;
  /** The visit in which it is asked for; null once the journey has ended. */
  readonly visit: Visit | null;
  /** Campaign time. */
  readonly now: Date;
  /** Whether anything of the journey was committed before. Where nothing was, no effect was ever performed. */
  readonly begun: boolean;
  /** What rules can ask about the customer, read once a transaction. An effect that changes any of it has to commit. */
  readonly facts: () => Promise<Facts>;
}

/** How one kind of effect is performed. Done again for the same enrolment, step and occurrence, it gives its first answer. */
export interface Performer<Effect extends JourneyEffect = JourneyEffect, Result extends EffectResult = EffectResult> {
  /** True if a paused campaign must not do it: it waits for the resume. */
  readonly pausable: boolean;
  /**
   * True if it takes what other journeys of the campaign wait for: its transaction is committed at once. Other effects
   * of a wake share one with those that follow.
   */
  readonly commits?: boolean;
  perform(tx: EntityManager, context: EffectContext, effect: Effect): Promise<Result>;
  /** What may follow once the transaction is committed: a hint, never a must. */
  afterwards?(result: Result): Promise<void>;
}

export type EngineEffectOf<Kind extends EngineEffect['kind']> = Extract<EngineEffect, { readonly kind: Kind }>;
