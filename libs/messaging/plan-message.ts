import type { EntityManager } from '@mikro-orm/postgresql';
import { channels, type Channel } from '../customers/contact-point.entity.js';
import type { ChannelWish, EffectResult } from '../journeys/effects.js';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { factsFor, loadPoints, loadRecipient, loadSent, lockContactPoints, type Recipient } from './contact-facts.js';
import { judgeContact, type ContactVerdict } from './contact-policy.js';
import { readPolicyTables, type PolicyTables } from './policy-tables.js';

export interface PlanRequest {
  readonly enrolmentId: string;
  readonly step: string;
  readonly occurrence: number;
  readonly template: string;
  readonly channel: ChannelWish;
  /** Channels that failed for good at this step. */
  readonly except: readonly string[];
  /** The channel of the journey's last message. */
  readonly last: string | null;
  /** Campaign time. */
  readonly now: Date;
}

export type PlanResult = Extract<EffectResult, { kind: 'planned' | 'deferred' | 'blocked' }>;

/** What a channel was told, in the order in which they were asked. */
interface Judgement {
  readonly channel: Channel;
  readonly verdict: ContactVerdict;
}

const purpose = 'marketing';
const shipped = readPolicyTables();

/**
 * Plans one message, if the contact policy allows it: locks the customer's contact points, asks the policy channel by
 * channel, writes a decision for each channel asked, and the message for the first that may be sent on. Asked again for
 * the same enrolment, step and occurrence, it gives the first answer again. Whether the campaign is paused is the
 * caller's question, in the same transaction.
 * @throws Problem not-found where there is no such enrolment
 */
export async function planMessage(tx: EntityManager, request: PlanRequest, tables: PolicyTables = shipped): Promise<PlanResult> {
  const { enrolmentId, now } = request;
  await lockContactPoints(tx, enrolmentId);
  const earlier = await earlierAnswer(tx, request);
  if (earlier !== undefined) return earlier;

  const recipient = await loadRecipient(tx, enrolmentId);
  const points = await loadPoints(tx, recipient.customerId, purpose);
  const sent = await loadSent(tx, recipient.customerId, new Date(now.getTime() - tables.cap.windowMs), now);

  const judgements: Judgement[] = [];
  for (const channel of channelOrder(request.channel, recipient.preferredChannel, request.except, request.last)) {
    const verdict = judgeContact(factsFor(channel, purpose, { recipient, points, sent }, tables, now));
    judgements.push({ channel, verdict });
    if (verdict.kind !== 'send') continue;
    const point = points.find((each) => each.channel === channel);
    if (point === undefined) throw new Error(`A message was allowed without a contact point on ${channel}`);
    await writeDecisions(tx, request, recipient, judgements);
    const messageId = await insertMessage(tx, request, recipient, { id: point.id, channel }, new Date(verdict.sendBefore));
    return { kind: 'planned', channel, messageId };
  }
  await writeDecisions(tx, request, recipient, judgements);
  return notPlanned(judgements.map(({ verdict }) => verdict));
}

/**
 * Which channels are asked, and in which order: what the customer said they prefer, then e-mail, then SMS.
 * `other` leaves out the channel of the last message; a channel asked for by name is the only one.
 */
export function channelOrder(wish: ChannelWish, preferred: string | null, except: readonly string[], last: string | null): Channel[] {
  const byPreference = [...channels].sort((a, b) => Number(b === preferred) - Number(a === preferred));
  const wished: Readonly<Record<ChannelWish, readonly Channel[]>> = {
    preferred: byPreference,
    other: byPreference.filter((channel) => channel !== last),
    email: ['email'],
    sms: ['sms'],
  };
  return wished[wish].filter((channel) => !except.includes(channel));
}

/** The earliest of what was deferred; else why the first channel that has an address was blocked. */
function notPlanned(verdicts: readonly ContactVerdict[]): PlanResult {
  const [earliest] = verdicts.filter((verdict) => verdict.kind === 'defer').sort((a, b) => a.until - b.until);
  if (earliest !== undefined) return { kind: 'deferred', until: earliest.until, reason: earliest.reasons[0] };
  const mainReasons = verdicts.flatMap((verdict) => (verdict.kind === 'block' ? [verdict.reasons[0]] : []));
  return { kind: 'blocked', reason: mainReasons.find((reason) => reason !== 'no-address') ?? mainReasons[0] ?? 'no-channel' };
}

interface EarlierDecision {
  readonly kind: 'send' | 'defer' | 'block';
  readonly channel: string | null;
  readonly until: Date | null;
  readonly reason: string;
  readonly messageId: string | null;
}

/** What the same request was told before; an answer about a channel that has failed since is none. */
async function earlierAnswer(tx: EntityManager, request: PlanRequest): Promise<PlanResult | undefined> {
  const decisions = await query<EarlierDecision>(
    tx,
    `select d.kind, d.subject as channel, d.until, d.reasons[1] as reason, m.id as "messageId"
     from decision d
     left join message m on d.kind = 'send' and m.enrolment_id = d.enrolment_id and m.step = d.step and m.occurrence = d.occurrence and m.channel = d.subject
     where d.enrolment_id = $1 and d.step = $2 and d.occurrence = $3 and d.kind in ('send', 'defer', 'block')
     order by d.ordinal`,
    [request.enrolmentId, request.step, request.occurrence],
  );
  const sends = decisions.filter((decision) => decision.kind === 'send');
  const planned = sends.find(({ channel }) => channel !== null && !request.except.includes(channel));
  if (planned?.channel != null && planned.messageId !== null) {
    return { kind: 'planned', channel: planned.channel, messageId: planned.messageId };
  }
  // A send that failed leaves the channels after it unasked.
  if (decisions.length === 0 || decisions.at(-1)?.kind === 'send') return undefined;
  const [earliest] = decisions
    .flatMap(({ kind, until, reason }) => (kind === 'defer' && until !== null ? [{ until: until.getTime(), reason }] : []))
    .sort((a, b) => a.until - b.until);
  if (earliest !== undefined) return { kind: 'deferred', ...earliest };
  const blocks = decisions.filter(({ kind }) => kind === 'block');
  return { kind: 'blocked', reason: (blocks.find(({ reason }) => reason !== 'no-address') ?? blocks[0])?.reason ?? 'no-channel' };
}

/** One row a channel that was asked, numbered after those of an earlier try of the same step. */
async function writeDecisions(
  tx: EntityManager,
  { enrolmentId, step, occurrence, now }: PlanRequest,
  { campaignId, customerId }: Recipient,
  judgements: readonly Judgement[],
): Promise<void> {
  const rows =
    judgements.length > 0 ? judgements.map(toDecision) : [{ kind: 'block', channel: null, reasons: ['no-channel'], until: null }];
  const counted = await queryOne<{ next: number }>(
    tx,
    'select coalesce(max(ordinal) + 1, 0)::int as next from decision where enrolment_id = $1 and step = $2 and occurrence = $3',
    [enrolmentId, step, occurrence],
  );
  let ordinal = counted?.next ?? 0;
  for (const { kind, channel, reasons, until } of rows) {
    await query(
      tx,
      `insert into decision (id, enrolment_id, campaign_id, customer_id, step, occurrence, ordinal, kind, subject, candidates, reasons, until, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '[]', $10, $11, $12)`,
      [newId(), enrolmentId, campaignId, customerId, step, occurrence, ordinal++, kind, channel, reasons, until, now],
    );
  }
}

function toDecision({ channel, verdict }: Judgement): {
  readonly kind: string;
  readonly channel: string;
  readonly reasons: readonly string[];
  readonly until: Date | null;
} {
  return {
    kind: verdict.kind,
    channel,
    reasons: verdict.kind === 'send' ? ['allowed'] : verdict.reasons,
    until: verdict.kind === 'defer' ? new Date(verdict.until) : null,
  };
}

async function insertMessage(
  tx: EntityManager,
  { enrolmentId, step, occurrence, template, now }: PlanRequest,
  { campaignId, customerId, offerId }: Recipient,
  point: { readonly id: string; readonly channel: Channel },
  sendBefore: Date,
): Promise<string> {
  const id = newId();
  await query(
    tx,
    `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, offer_id, step, occurrence, channel, purpose,
                          template, state, not_before, send_before, planned_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'planned', $12, $13, $12)`,
    [id, enrolmentId, campaignId, customerId, point.id, offerId, step, occurrence, point.channel, purpose, template, now, sendBefore],
  );
  return id;
}
