import type { EntityManager } from '@mikro-orm/postgresql';
import type { Channel } from '../channels/table.js';
import { lockAllLiving } from '../customers/living.js';
import { writeEvents } from '../outbox/write-events.js';
import type { MailThread } from '../channels/contract/mail-thread.js';
import { provenSent } from '../messaging/ledger/reconcile.js';
import { retriedTransaction } from '../persistence/retried.js';
import { tables } from '../persistence/tables.js';
import { withoutUnfit } from '../platform/bounds.js';
import { newId } from '../platform/ids.js';
import { actOn } from './act.js';
import type { Classification } from './classify.js';
import { opensTask, openTask } from './desk.js';
import { findRespondent, keepJourney, type CameBy, type Respondent } from './find-respondent.js';
import { findOpenOffer } from './open-offer.js';
import type { SpokenFor } from '../messaging/contract/opt-out.js';
import { answers, type Answer } from '../journeys/answers/table.js';
import type { Response } from './response.entity.js';
import { weigh } from './trust.js';

/** An answer as an endpoint passes it in. */
export interface IncomingResponse {
  readonly source: Response['source'];
  /** The provider's own id for it: the same id again is a repetition. */
  readonly sourceId: string;
  readonly channel: Channel;
  readonly by: CameBy;
  /** The hashes of the telephone that it came from, for every channel. */
  readonly line?: readonly SpokenFor[];
  /** The sender of a mail, in lower case: anybody to whom our mail was forwarded has its reply address. */
  readonly from?: readonly string[];
  /** Its meaning, given the locale of the customer who sent it, if known. */
  readonly said: (locale: string | undefined) => Classification;
  /** The customer's text, without quotes; null for a click. */
  readonly text: string | null;
  /** For a mail, the data that a reply in its thread needs. */
  readonly thread?: MailThread;
}

export interface ReceivedResponse {
  readonly responseId: string;
  readonly answer: Answer;
  /** It was a repetition: nothing was done this time. */
  readonly repeated: boolean;
  /** Null if its customer is not known. */
  readonly customerId: string | null;
}

const longestText = 4_000;

/**
 * Stores an answer and acts on it, in one transaction: an opt-out ends consent, whether or not a journey runs; an offer is accepted or
 * declined; the journey is notified; an answer that no rule may decide opens a task for a person, for one customer only a few per hour. The
 * same answer again does nothing more.
 */
export async function receiveResponse(em: EntityManager, incoming: IncomingResponse, now: Date): Promise<ReceivedResponse> {
  return retriedTransaction(em, 5, (tx) => receive(tx, incoming, now));
}

async function receive(tx: EntityManager, incoming: IncomingResponse, now: Date): Promise<ReceivedResponse> {
  const { source, channel, by } = incoming;
  const known = await living(tx, await findWriter(tx, incoming));
  const { respondent: found, said: words } = await findOpenOffer(tx, incoming.said(known?.locale), known, by, now);
  const respondent = found && (await keepJourney(tx, found));
  // A press on a page has its own proof.
  const said = source === 'link' ? words : await weigh(tx, words, respondent, { channel, from: incoming.from });
  const responseId = await store(tx, incoming, respondent, said, now);
  if (responseId === undefined) return findFirst(tx, incoming);

  // An answer to a message, or a report about it, proves that it arrived.
  if ('messageId' in by) await provenSent(tx, by.messageId, answers.get(said.answer).deliveryReport === true ? 'report' : 'answer', now);
  const addressHash = 'addressHash' in by ? by.addressHash : (respondent?.addressHash ?? null);
  const address = addressHash === null ? null : { channel, addressHash };
  const stored = {
    source,
    because: said.because,
    reported: said.reported === true,
    respondent,
    address,
    line: incoming.line,
    text: incoming.text,
  };
  const journeyAnswer = await actOn(tx, said.answer, stored, now);
  if (respondent !== undefined) {
    const { customerId, enrolmentId, underway } = respondent;
    const payload = { responseId, enrolmentId, answer: said.answer, journeyAnswer: underway ? journeyAnswer : null };
    await writeEvents(tx, [{ kind: 'response.received', customerId, payload }], now);
    if (opensTask(said)) await openTask(tx, { ...respondent, responseId, kind: said.answer }, now);
  }
  return { responseId, answer: said.answer, repeated: false, customerId: respondent?.customerId ?? null };
}

/** An erasure comes before this or after it; an erased customer is a stranger. */
async function living(tx: EntityManager, respondent: Respondent | undefined): Promise<Respondent | undefined> {
  if (respondent === undefined) return undefined;
  const there = await lockAllLiving(tx, [respondent.customerId]);
  return there.has(respondent.customerId) ? respondent : undefined;
}

/** The writer: if nobody has this address, the customer with the same telephone on another channel. */
async function findWriter(tx: EntityManager, { channel, by, line = [] }: IncomingResponse): Promise<Respondent | undefined> {
  const respondent = await findRespondent(tx, channel, by);
  if (respondent !== undefined) return respondent;
  for (const each of line) {
    const other = await findRespondent(tx, each.channel, { addressHash: each.addressHash });
    if (other !== undefined) return { ...other, presentHash: null };
  }
  return undefined;
}

/**
 * Stores the answer unless it is a repetition; one that arrives at the same time waits here for the first. A stranger's text is not stored,
 * because no erasure would find it.
 * @returns undefined for a repetition
 */
async function store(
  tx: EntityManager,
  incoming: IncomingResponse,
  respondent: Respondent | undefined,
  said: Classification,
  now: Date,
): Promise<string | undefined> {
  const text = respondent === undefined ? null : storedText(incoming.text);
  const row = await tables<typeof Response>(tx)
    .insertInto('Response')
    .values({
      id: newId(),
      source: incoming.source,
      sourceId: incoming.sourceId,
      channel: incoming.channel,
      customer: respondent?.customerId ?? null,
      enrolment: respondent?.enrolmentId ?? null,
      message: respondent?.messageId ?? null,
      answer: said.answer,
      because: said.because,
      reported: said.reported === true,
      text,
      receivedAt: now,
      thread: respondent === undefined || incoming.thread === undefined ? null : incoming.thread,
    })
    .onConflict((repeated) => repeated.columns(['source', 'sourceId']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** The sender cannot be asked for another text, so characters that cannot be stored are removed. */
function storedText(said: string | null): string | null {
  return said === null ? null : withoutUnfit(said).slice(0, longestText).toWellFormed();
}

async function findFirst(tx: EntityManager, { source, sourceId }: IncomingResponse): Promise<ReceivedResponse> {
  const first = await tables<typeof Response>(tx)
    .selectFrom('Response')
    .select(['id', 'answer', 'customer'])
    .where('source', '=', source)
    .where('sourceId', '=', sourceId)
    .executeTakeFirst();
  if (first === undefined) throw new Error(`The response that ${source} had sent before was removed meanwhile`);
  return { responseId: first.id, answer: first.answer, customerId: first.customer, repeated: true };
}
