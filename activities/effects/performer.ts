import type { EntityManager } from '@mikro-orm/postgresql';
import type { CampaignDefinition } from '../../libs/campaigns/definition.js';
import type { EffectResult, EngineEffect, JourneyEffect, Visit } from '../../libs/journeys/effects.js';
import type { Facts } from '../../libs/segments/facts.js';

/** The context of an effect: for whom, in which visit, when. */
export interface EffectContext {
  readonly enrolmentId: string;
  readonly campaignId: string;
  readonly customerId: string;
  readonly definition: CampaignDefinition;
  /** The visit in which it is requested; null after the journey has ended. */
  readonly visit: Visit | null;
  /** Visits of this wake that are not written yet, that one among them. */
  readonly way: readonly Visit[];
  /** Campaign time. */
  readonly now: Date;
  /** Whether anything of the journey was committed before. If not, no effect was ever performed. */
  readonly begun: boolean;
  /** What rules can ask about the customer, read once a transaction. An effect that changes any of it has to commit. */
  readonly facts: () => Promise<Facts>;
}

/** Performs one kind of effect. Repeated for the same enrolment, step and occurrence, it returns its first result. */
export interface Performer<Effect extends JourneyEffect = JourneyEffect, Result extends EffectResult = EffectResult> {
  /** True if a paused campaign must not do it: it waits for the resume. */
  readonly pausable: boolean;
  /**
   * True if it locks what other journeys of the campaign wait for: its transaction is committed at once. Other effects of a wake share a
   * transaction with the following ones.
   */
  readonly commits?: boolean;
  perform(tx: EntityManager, context: EffectContext, effect: Effect): Promise<Result>;
  /** Called after the transaction is committed: a hint that may be lost. */
  afterwards?(result: Result): Promise<void>;
}

export type EngineEffectOf<Kind extends EngineEffect['kind']> = Extract<EngineEffect, { readonly kind: Kind }>;
