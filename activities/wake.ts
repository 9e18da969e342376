import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { CampaignDefinition } from '../libs/campaigns/definition.js';
import type { VersionDefinitions } from '../libs/campaigns/versions.js';
import { isEngineEffect, type EffectResult, type Visit } from '../libs/journeys/effects.js';
import type { JourneySignal } from '../libs/journeys/journey-signal.js';
import type { EffectCall } from '../libs/journeys/wake.js';
import { answersTo } from '../libs/campaigns/signals.js';
import { isPaused, openEnrolment, recordProgress, type OpenedEnrolment } from '../libs/campaigns/enrolment-progress.js';
import type { Clock } from '../libs/platform/clock.js';
import type { Facts } from '../libs/segments/facts.js';
import { loadFacts } from '../libs/segments/load-facts.js';
import type { Performer } from './effects/performer.js';

/** What every wake of this process uses. */
export interface WakeTools {
  readonly orm: MikroORM;
  readonly clock: Clock;
  /** By kind of effect. */
  readonly performers: ReadonlyMap<string, Performer>;
  readonly definitions: VersionDefinitions;
}

/** A running transaction, and what is written when it is committed. */
interface UnderWay {
  readonly tx: EntityManager;
  readonly enrolment: OpenedEnrolment;
  readonly definition: CampaignDefinition;
  /** Read once: the campaign's state does not change until the transaction ends. */
  paused: boolean | undefined;
  /** Read once: another answer waits until the transaction ends. */
  answersAsked: boolean;
  /** Whether an effect was requested: only then there is progress to write. */
  touched: boolean;
  /** Each in its latest form, by ordinal. */
  readonly visits: Map<number, Visit>;
  waitingUntil: number | null;
  facts: Promise<Facts> | undefined;
  readonly afterwards: (() => Promise<void> | undefined)[];
}

/**
 * Performs the effects of one wake. They share a transaction, and the progress of the journey is written once at its end. An effect that
 * other journeys wait for ends the transaction, and the next effect begins another.
 */
export class WakeInTransactions {
  private underWay: UnderWay | undefined;

  constructor(
    private readonly tools: WakeTools,
    private readonly enrolmentId: string,
  ) {}

  /** Locks the enrolment, unless this wake has it already. @throws Problem not-found if it has not entered */
  async open(): Promise<Pick<UnderWay, 'enrolment' | 'definition'>> {
    if (this.underWay !== undefined) return this.underWay;
    const tx = this.tools.orm.em.fork();
    await tx.begin();
    try {
      const enrolment = await openEnrolment(tx, this.enrolmentId);
      const definition = await this.tools.definitions.of(tx, enrolment.versionId);
      this.underWay = {
        tx,
        enrolment,
        definition,
        paused: undefined,
        answersAsked: false,
        touched: false,
        visits: new Map(),
        waitingUntil: null,
        facts: undefined,
        afterwards: [],
      };
      return this.underWay;
    } catch (error) {
      await tx.rollback();
      throw error;
    }
  }

  async perform({ effect, visit, visits }: EffectCall): Promise<EffectResult> {
    await this.open();
    const { underWay, tools, enrolmentId } = this;
    if (underWay === undefined) throw new Error('A wake lost its transaction');
    const { tx, enrolment, definition } = underWay;
    for (const each of visits) underWay.visits.set(each.ordinal, each);
    underWay.touched = true;
    underWay.waitingUntil = isEngineEffect(effect) && effect.kind === 'park' ? effect.until : null;
    const performer = tools.performers.get(effect.kind);
    if (performer === undefined) throw new Error(`Nobody performs the effect ${effect.kind}`);
    if (performer.pausable && (underWay.paused ??= await isPaused(tx, enrolmentId))) return { kind: 'paused' };
    const { campaignId, customerId, begun } = enrolment;
    const now = tools.clock.now();
    const facts = (): Promise<Facts> => (underWay.facts ??= loadFacts(tx, customerId, now));
    const way = [...underWay.visits.values()];
    const context = { enrolmentId, campaignId, customerId, definition, visit, way, now, begun, facts };
    const result = await performer.perform(tx, context, effect);
    underWay.afterwards.push(() => performer.afterwards?.(result));
    if (performer.commits === true) await this.commit();
    return result;
  }

  /** The answers to this journey, delivered or not, once for each transaction; none the second time. */
  async answers(): Promise<readonly JourneySignal[]> {
    await this.open();
    if (this.underWay === undefined) throw new Error('A wake lost its transaction');
    const { tx, enrolment, answersAsked } = this.underWay;
    if (answersAsked) return [];
    this.underWay.answersAsked = true;
    return answersTo(tx, { enrolmentId: this.enrolmentId, customerId: enrolment.customerId });
  }

  async commit(): Promise<void> {
    const { underWay, enrolmentId } = this;
    if (underWay === undefined) return;
    const { tx, enrolment, touched, visits, waitingUntil, afterwards } = underWay;
    if (touched) await recordProgress(tx, enrolmentId, enrolment.campaignId, [...visits.values()], waitingUntil);
    await tx.commit();
    this.underWay = undefined;
    for (const follow of afterwards) await follow();
  }

  async rollback(): Promise<void> {
    await this.underWay?.tx.rollback();
    this.underWay = undefined;
  }
}
