import type { EntityManager } from '@mikro-orm/postgresql';
import type { Purpose } from '../../channels/purpose.js';
import type { Channel } from '../../channels/table.js';
import type { ChannelWish } from '../../journeys/effects.js';
import { query } from '../../persistence/sql.js';
import { newId } from '../../platform/ids.js';
import { notFound } from '../../platform/problem.js';
import { recordDecisions, type NewDecision } from '../../offers/decisions.js';
import { lockContactPoints, type Recipient } from './contact-facts.js';
import { isOpen } from '../contact-policy/contact-hours.js';
import { judgeContact, type ContactVerdict } from '../contact-policy/contact-policy.js';
import { rankChannels, type Habits } from '../habits/habits.js';
import {
  askerId,
  askingStep,
  earlierAnswer,
  loadEarlier,
  ofTry,
  unsent,
  type Asker,
  type EarlierDecision,
  type PlanKey,
  type PlanResult,
} from './plan-message-earlier.js';
import { factsFor, loadKnown, type Known } from './plan-message-facts.js';
import type { PolicyTables } from '../contact-policy/policy-tables.js';
import { textsAmong, textsOf, unwritableOn, whyUnasked, type Unwritable } from './plan-message-texts.js';
import type { TextsFor } from '../templates/template-channels.js';

export type { PlanResult } from './plan-message-earlier.js';

export type PlanRequest = PlanKey & {
  readonly template: string;
  readonly channel: ChannelWish;
  /** The channel of the journey's last message. */
  readonly last: string | null;
  /** Campaign time. */
  readonly now: Date;
  /** The purpose of the message; marketing by default. */
  readonly purpose?: Purpose;
};

/** A request by a step of a journey. */
export type StepRequest = Extract<PlanRequest, { readonly enrolmentId: string }>;

/** Plans one message: see planMessages. */
export async function planMessage(tx: EntityManager, request: PlanRequest, tables: PolicyTables): Promise<PlanResult> {
  const [result] = await planMessages(tx, [request], tables);
  if (result === undefined) throw new Error('A request to plan a message had no answer');
  return result;
}

/**
 * Plans messages, where the contact policy allows them: locks the customers' contact points, asks the policy channel by channel, stores a
 * decision for each of these channels, and the message on the first allowed one. Called again for the same enrolment and step, or request,
 * and occurrence, it returns the first answer. The caller checks in the same transaction whether the campaign is paused.
 *
 * A fixed number of statements, however many requests. Two requests for one customer see each other: the one with the higher campaign
 * priority is handled first.
 * @returns the answers in the order of the requests
 * @throws Problem not-found if there is no such enrolment or request
 */
export async function planMessages(tx: EntityManager, requests: readonly PlanRequest[], tables: PolicyTables): Promise<PlanResult[]> {
  if (requests.length === 0) return [];
  await lockContactPoints(tx, [...new Set(requests.map(askerId))].sort());
  const earlier = byStep(await loadEarlier(tx, requests));
  const asked = requests.filter((request) => earlierAnswer(earlier.get(stepKey(request)) ?? [], request) === undefined);
  const known = await knownOf(tx, asked, tables);

  const texts = await textsOf(known, tables);

  const decisions: NewDecision[] = [];
  const messages: NewMessage[] = [];
  for (const request of [...asked].sort((a, b) => priorityOf(known, b) - priorityOf(known, a))) {
    const ofStep = earlier.get(stepKey(request)) ?? [];
    // The same request may be in a batch twice.
    if (earlierAnswer(ofStep, request) !== undefined) continue;
    const recipient = recipientOf(known, request);
    const textsFor = textsAmong(texts, recipient);
    const unasked = whyUnasked(request, recipient, textsFor, tables.channels);
    const judgements = unasked === null ? judge(request, ofStep, known, tables, textsFor) : [];
    const message = messageOf(request, judgements, recipient);
    const decided = decisionsOf(request, judgements, unasked ?? 'no-channel', recipient, ofTry(ofStep, request));
    decisions.push(...decided);
    if (message !== undefined) messages.push(message);
    earlier.set(stepKey(request), [...ofStep, ...decided.map((each) => asEarlier(request, each, message))]);
    remember(known, request, judgements);
  }
  await recordDecisions(tx, decisions);
  await insertMessages(tx, messages);
  return requests.map((request) => {
    const answer = earlierAnswer(earlier.get(stepKey(request)) ?? [], request);
    if (answer === undefined) throw new Error('A request to plan a message was left without a decision');
    return answer;
  });
}

/**
 * Which channels are tried, in which order, and why: the preferred channel first, then those where the customer is most likely to answer.
 * `other` leaves out the channel of the last message; a channel by name is the only one.
 */
export function channelOrder(
  wish: ChannelWish,
  stated: string | null,
  habits: Habits,
  { except, last }: Pick<PlanRequest, 'except' | 'last'>,
  channels: readonly Channel[],
): readonly { readonly channel: Channel; readonly because: string | null }[] {
  const free = channels.filter((channel) => !except.includes(channel));
  if (wish === 'preferred') return rankChannels(stated, habits, free);
  if (wish === 'other') {
    return rankChannels(
      stated,
      habits,
      free.filter((channel) => channel !== last),
    );
  }
  return free.filter((channel) => channel === wish).map((channel) => ({ channel, because: null }));
}

/** The verdict for each channel, in the order of asking. */
interface Judgement {
  readonly channel: Channel;
  /**
   * From the contact policy; instead of it `no-text` if the template has no text for the channel, `offer-closed` if it would show an ended
   * offer, and `missing-value` if it would show another missing value.
   */
  readonly verdict: ContactVerdict | { readonly kind: 'block'; readonly reasons: readonly [Unwritable] };
  readonly reasons: readonly string[];
  readonly contactPointId: string | null;
  readonly addressHash: string | null;
}

/** Asks channel by channel, until one is allowed or worth waiting for. */
function judge(
  request: PlanRequest,
  ofStep: readonly EarlierDecision[],
  known: Known,
  tables: PolicyTables,
  textsFor: TextsFor,
): Judgement[] {
  const recipient = recipientOf(known, request);
  const habits = known.habits.get(recipient.customerId);
  if (habits === undefined) throw new Error('A customer’s habits were not loaded');
  const asking = {
    step: askingStep(request),
    except: request.except,
    purpose: request.purpose ?? 'marketing',
    now: request.now,
    waited: ofStep.some(({ cause }) => cause === 'preferred-hour'),
    gaveWayAt: ofStep.find(({ cause }) => cause === 'priority')?.at ?? null,
  };
  const judgements: Judgement[] = [];
  const offer = recipient.offerId !== null ? 'there' : offerEnded(known, request) ? 'ended' : 'none';
  const unwritable = unwritableOn(textsFor, request.template, recipient, offer);
  const order = channelOrder(request.channel, recipient.preferredChannel, habits, request, tables.channels);
  for (const { channel, because } of order.filter((each) => each.because === null || isWorthAsking(each.channel, recipient, known))) {
    const { facts, point, likelyHours } = factsFor(recipient, { ...asking, channel }, known, tables);
    const why = unwritable(channel);
    const verdict: Judgement['verdict'] = why === null ? judgeContact(facts) : { kind: 'block', reasons: [why] };
    const allowed = ['allowed', because, likelyHours !== null && isOpen(likelyHours, facts.now) ? 'hour-learnt' : null];
    const given = verdict.kind === 'send' ? allowed.filter((reason) => reason !== null) : verdict.reasons;
    const reasons = asking.purpose === 'marketing' ? given : [...given, asking.purpose];
    judgements.push({ channel, verdict, reasons, contactPointId: point?.id ?? null, addressHash: point?.addressHash ?? null });
    if (verdict.kind === 'send' || causeOf(verdict) === 'preferred-hour') break;
  }
  return judgements;
}

/** Nobody needs to know why a customer without a number got no text, unless it was their choice, or they have no address at all. */
function isWorthAsking(channel: Channel, { customerId, preferredChannel }: Recipient, known: Known): boolean {
  const points = known.points.get(customerId) ?? [];
  return points.length === 0 || channel === preferredChannel || points.some((point) => point.channel === channel);
}

/**
 * One decision for each asked channel, numbered after earlier ones within the same attempt.
 * @param unasked why it is blocked if no channel was asked
 */
function decisionsOf(
  request: PlanRequest,
  judgements: readonly Judgement[],
  unasked: string,
  { enrolmentId, campaignId, customerId, reference }: Recipient,
  sameTry: readonly EarlierDecision[],
): NewDecision[] {
  const first = Math.max(-1, ...sameTry.map(({ ordinal }) => ordinal)) + 1;
  const { occurrence, now } = request;
  const purpose = request.purpose ?? 'marketing';
  const about = { enrolmentId, campaignId, customerId, step: askingStep(request), reference, occurrence, candidates: [], purpose, at: now };
  if (judgements.length === 0)
    return [{ ...about, ordinal: first, kind: 'block', subject: null, reasons: [unasked], cause: unasked, until: null }];
  return judgements.map(({ channel, verdict, reasons }, place) => ({
    ...about,
    ordinal: first + place,
    kind: verdict.kind,
    subject: channel,
    reasons,
    cause: causeOf(verdict),
    until: verdict.kind === 'defer' ? new Date(verdict.until) : null,
  }));
}

/** The one reason by which a message waits or is not sent; null if it is sent. */
const causeOf = (verdict: Judgement['verdict']): string | null => (verdict.kind === 'send' ? null : verdict.reasons[0]);

interface NewMessage {
  readonly id: string;
  readonly request: PlanRequest;
  readonly recipient: Recipient;
  readonly contactPointId: string;
  readonly addressHash: string;
  readonly channel: Channel;
  readonly sendBefore: Date;
}

function messageOf(request: PlanRequest, judgements: readonly Judgement[], recipient: Recipient): NewMessage | undefined {
  const last = judgements.at(-1);
  if (last?.verdict.kind !== 'send') return undefined;
  if (last.contactPointId === null || last.addressHash === null)
    throw new Error(`A message was allowed without a contact point on ${last.channel}`);
  const { channel, contactPointId, addressHash, verdict } = last;
  return { id: newId(), request, recipient, contactPointId, addressHash, channel, sendBefore: new Date(verdict.sendBefore) };
}

function asEarlier(asker: Asker, { subject, cause = null, ...decision }: NewDecision, message: NewMessage | undefined): EarlierDecision {
  return {
    ...decision,
    cause,
    askerId: askerId(asker),
    channel: subject,
    messageId: decision.kind === 'send' ? (message?.id ?? null) : null,
  };
}

/** Makes this decision visible to later requests in the batch. */
function remember(known: Known, request: PlanRequest, judgements: readonly Judgement[]): void {
  const { customerId, enrolmentId, priority } = recipientOf(known, request);
  const last = judgements.at(-1);
  if (last?.verdict.kind === 'send') {
    const purpose = request.purpose ?? 'marketing';
    const sent = { enrolmentId, step: askingStep(request), channel: last.channel, purpose, submittedAt: null };
    const holders = known.holders.get(last.addressHash ?? '') ?? [];
    for (const holder of new Set([customerId, ...holders])) {
      known.sent.set(holder, [...(known.sent.get(holder) ?? []), { ...sent, customerId: holder, shared: holder !== customerId }]);
    }
    return;
  }
  // Other messages give way only to campaigns.
  if (request.purpose === 'service' || enrolmentId === null) return;
  const refused = unsent(judgements.map(({ verdict }) => ({ until: verdict.kind === 'defer' ? verdict.until : null, reason: '' })));
  if (refused.kind !== 'deferred') return;
  const other = { customerId, enrolmentId, priority, until: new Date(refused.until) };
  known.competing.set(customerId, [...(known.competing.get(customerId) ?? []), other]);
}

async function insertMessages(tx: EntityManager, messages: readonly NewMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const column = <T>(read: (message: NewMessage) => T): T[] => messages.map(read);
  await query(
    tx,
    `insert into message (id, enrolment_id, campaign_id, customer_id, contact_point_id, address_hash, offer_id, step, reference, occurrence, channel,
                          purpose, template, state, not_before, send_before, planned_at)
     select id, enrolment_id, campaign_id, customer_id, contact_point_id, address_hash, offer_id, step, reference, occurrence, channel, purpose,
            template, 'planned', now, send_before, now
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::int[], $9::text[], $10::text[],
                 $11::text[], $12::timestamptz[], $13::timestamptz[], $14::text[], $15::text[])
       as m (id, enrolment_id, campaign_id, customer_id, contact_point_id, offer_id, step, occurrence, channel, purpose, template, now, send_before,
             address_hash, reference)`,
    [
      column(({ id }) => id),
      column(({ recipient }) => recipient.enrolmentId),
      column(({ recipient }) => recipient.campaignId),
      column(({ recipient }) => recipient.customerId),
      column(({ contactPointId }) => contactPointId),
      column(({ recipient }) => recipient.offerId),
      column(({ request }) => askingStep(request)),
      column(({ request }) => request.occurrence),
      column(({ channel }) => channel),
      column(({ request }) => request.purpose ?? 'marketing'),
      column(({ request }) => request.template),
      column(({ request }) => request.now),
      column(({ sendBefore }) => sendBefore),
      column(({ addressHash }) => addressHash),
      column(({ recipient }) => recipient.reference),
    ],
  );
}

async function knownOf(tx: EntityManager, asked: readonly PlanRequest[], tables: PolicyTables): Promise<Known> {
  const nows = asked.map(({ now }) => now.getTime());
  if (nows.length === 0)
    return { recipients: new Map(), points: new Map(), sent: new Map(), competing: new Map(), habits: new Map(), holders: new Map() };
  const moments = { first: new Date(Math.min(...nows)), last: new Date(Math.max(...nows)) };
  return loadKnown(tx, [...new Set(asked.map(askerId))], moments, tables);
}

type Asking = Asker & Pick<PlanRequest, 'purpose' | 'now'>;

function storedRecipient(known: Known, request: Asker): Recipient {
  const recipient = known.recipients.get(askerId(request));
  if (recipient === undefined) throw notFound('requestId' in request ? 'request' : 'enrolment', askerId(request));
  return recipient;
}

function offerEnded(known: Known, request: Asking): boolean {
  const { offerState, offerExpiresAt } = storedRecipient(known, request);
  return offerState !== null && (offerState !== 'open' || (offerExpiresAt !== null && offerExpiresAt <= request.now));
}

/** A service message is about the contract, so an ended offer does not block it. */
function recipientOf(known: Known, request: Asking): Recipient {
  const recipient = storedRecipient(known, request);
  const without = request.purpose === 'service' && offerEnded(known, request);
  return without ? { ...recipient, offerId: null, offerState: null, offerExpiresAt: null } : recipient;
}

const priorityOf = (known: Known, key: PlanRequest): number => recipientOf(known, key).priority;

const keyOf = (id: string, step: string | null): string => `${id} ${step ?? ''}`;
const stepKey = (asker: Asker): string => keyOf(askerId(asker), askingStep(asker));

function byStep(decisions: readonly EarlierDecision[]): Map<string, EarlierDecision[]> {
  const steps = new Map<string, EarlierDecision[]>();
  for (const decision of decisions) {
    const key = keyOf(decision.askerId, decision.step);
    const ofStep = steps.get(key);
    if (ofStep === undefined) steps.set(key, [decision]);
    else ofStep.push(decision);
  }
  return steps;
}
