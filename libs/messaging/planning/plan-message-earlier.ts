import type { EntityManager } from '@mikro-orm/postgresql';
import type { SendResult } from '../../journeys/steps/send.js';
import { query } from '../../persistence/sql.js';
import type { DecisionKind } from '../../offers/decision.entity.js';

export type PlanResult = SendResult;

/** The requester of a message: a step of a journey, or a request outside of one (see message-request.entity.ts). */
export type Asker = { readonly enrolmentId: string; readonly step: string } | { readonly requestId: string };

/** The id of the enrolment or the request. */
export const askerId = (asker: Asker): string => ('requestId' in asker ? asker.requestId : asker.enrolmentId);
export const askingStep = (asker: Asker): string | null => ('requestId' in asker ? null : asker.step);

/** The key of one attempt of one requester. */
export type PlanKey = Asker & {
  readonly occurrence: number;
  /** Channels that failed permanently for this requester. */
  readonly except: readonly string[];
};

/** An earlier answer to a requester, at any of its attempts. */
export interface EarlierDecision {
  readonly askerId: string;
  readonly step: string | null;
  readonly occurrence: number;
  readonly ordinal: number;
  readonly kind: DecisionKind;
  readonly channel: string | null;
  readonly until: Date | null;
  /** Why it was deferred or blocked; null for a send. */
  readonly cause: string | null;
  readonly at: Date;
  /** The message, if it was a send. */
  readonly messageId: string | null;
}

/** All earlier answers to these requesters, in order. */
export async function loadEarlier(tx: EntityManager, askers: readonly Asker[]): Promise<EarlierDecision[]> {
  return query<EarlierDecision>(
    tx,
    `select w.asker as "askerId", d.step, d.occurrence, d.ordinal, d.kind, d.subject as channel, d.until, d.cause, d.at, m.id as "messageId"
     from (select distinct * from unnest($1::uuid[], $2::text[]) as w (asker, step)) w
     cross join lateral (
       (select * from decision where enrolment_id = w.asker and step = w.step limit 1000)
       union all
       (select own.* from message_request q join decision own on own.customer_id = q.customer_id and own.reference = q.reference
        where q.id = w.asker and own.occurrence > 0 limit 1000)) d
     left join lateral (
       (select id from message
        where d.kind = 'send' and enrolment_id = d.enrolment_id and step = d.step and occurrence = d.occurrence and channel = d.subject limit 1)
       union all
       (select id from message
        where d.kind = 'send' and customer_id = d.customer_id and reference = d.reference and occurrence = d.occurrence and channel = d.subject limit 1)
     ) m on true
     order by d.occurrence, d.ordinal`,
    [askers.map(askerId), askers.map(askingStep)],
  );
}

/** The decisions of the same try. */
export function ofTry(decisions: readonly EarlierDecision[], { occurrence }: PlanKey): EarlierDecision[] {
  return decisions.filter((decision) => decision.occurrence === occurrence);
}

/** The earlier answer to the same attempt; an answer about a channel that has failed since does not count. */
export function earlierAnswer(ofStep: readonly EarlierDecision[], key: PlanKey): PlanResult | undefined {
  const decisions = ofTry(ofStep, key).filter(({ kind }) => kind === 'send' || kind === 'defer' || kind === 'block');
  const planned = decisions.find(({ kind, channel }) => kind === 'send' && channel !== null && !key.except.includes(channel));
  if (planned?.channel != null && planned.messageId !== null) {
    return { kind: 'planned', channel: planned.channel, messageId: planned.messageId };
  }
  // If a send failed, the channels after it were not asked.
  if (decisions.length === 0 || decisions.at(-1)?.kind === 'send') return undefined;
  const refusals = decisions.filter(({ kind }) => kind !== 'send');
  return unsent(refusals.map(({ until, cause }) => ({ until: until?.getTime() ?? null, reason: cause ?? '' })));
}

/**
 * The answer that the journey gets if no channel was free: the earliest deferral; otherwise why the first channel with an address and a
 * text in the template was blocked.
 * @param refusals in the order in which the channels were asked; `until` is null for a blocked one
 */
export function unsent(refusals: readonly { readonly until: number | null; readonly reason: string }[]): PlanResult {
  const [earliest] = refusals.flatMap(({ until, reason }) => (until === null ? [] : [{ until, reason }])).sort((a, b) => a.until - b.until);
  if (earliest !== undefined) return { kind: 'deferred', ...earliest };
  return { kind: 'blocked', reason: (refusals.find(({ reason }) => !isOutOfQuestion(reason)) ?? refusals[0])?.reason ?? 'no-channel' };
}

const isOutOfQuestion = (reason: string): boolean => reason === 'no-address' || reason === 'no-text';
