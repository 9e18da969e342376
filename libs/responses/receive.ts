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

/** An answer as an endpoint hands it in. */
export interface IncomingResponse {
  readonly source: Response['source'];
  /** The provider's own id for it: the same one again is a repeat. */
  readonly sourceId: string;
  readonly channel: Channel;
  readonly by: CameBy;
  /** The telephone that it came from, as every channel knows it. */
  readonly line?: readonly SpokenFor[];
  /** Who a mail says it is from, in lower case: anybody to whom the mail was forwarded has its reply address. */
  readonly from?: readonly string[];
  /** What it means, given the locale of the customer who sent it, where that is known. */
  readonly said: (locale: string | undefined) => Classification;
  /** What the customer wrote, without quoted text; null for a click. */
  readonly text: string | null;
  /** Of a mail, what a reply needs to stand in its thread. */
  readonly thread?: MailThread;
}

export interface ReceivedResponse {
  readonly responseId: string;
  readonly answer: Answer;
  /** It had come before: nothing was done this time. */
  readonly repeated: boolean;
  /** Null if no customer is known for it. */
  readonly customerId: string | null;
}

const longestText = 4_000;

/**
 * Stores an answer and acts on it, in one transaction: an opt-out ends consent, whether or not a journey runs; an offer is
 * accepted or declined; the journey is notified; what no rule may decide opens a task for a person, of one customer a
 * few an hour. The same answer again does nothing more.
 */
export async function receiveResponse(em: EntityManager, incoming: IncomingResponse, now: Date): Promise<ReceivedResponse> {
  return retriedTransaction(em, 5, (tx) => receive(tx, incoming, now));
}

async function receive(tx: EntityManager, incoming: IncomingResponse, now: Date): Promise<ReceivedResponse> {
  const { source, channel, by } = incoming;
  const known = await living(tx, await findWriter(tx, incoming));
  const { respondent: found, said: words } = await findOpenOffer(tx, incoming.said(known?.locale), known, by, now);
  const respondent = found && (await keepJourney(tx, found));
  // What was pressed on a page has its own proof.
  const said = source === 'link' ? words : await weigh(tx, words, respondent, { channel, from: incoming.from });
  const responseId = await store(tx, incoming, respondent, said, now);
  if (responseId === undefined) return findFirst(tx, incoming);

  // Whoever answers a message, or reports about it, has had it.
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

/** An erasure comes before this or after it; who was erased is a stranger. */
async function living(tx: EntityManager, respondent: Respondent | undefined): Promise<Respondent | undefined> {
  if (respondent === undefined) return undefined;
  const there = await lockAllLiving(tx, [respondent.customerId]);
  return there.has(respondent.customerId) ? respondent : undefined;
}

/** Who wrote: if nobody has this address, whoever has the same telephone on another channel. */
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
 * Stores the answer unless it came before: one that comes at the same time waits here for the first. A stranger's words
 * are not kept, since no erasure would find them.
 * @returns undefined for a repeat
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

/** Words come as they come, and nobody can be asked for others: what no text may hold is left out. */
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
