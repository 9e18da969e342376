import type { EntityManager } from '@mikro-orm/postgresql';
import { acceptOffer, declineOffer, releaseOffers } from '../offers/settle-offer.js';
import type { Sender } from './find-sender.js';
import { namedChannels } from './named-channels.js';
import { optIn, optOut } from '../consent/opt-out.js';
import type { SpokenFor } from '../messaging/contract/opt-out.js';
import type { AnswerKind, OfferMove } from '../journeys/answers/answer-kind.js';
import { answers, type Answer } from '../journeys/answers/table.js';
import type { Response } from './response.entity.js';
import { onSameLines, pointsOf } from './same-line.js';

/** An answer that has just been stored for the first time. */
export interface StoredAnswer {
  readonly source: Response['source'];
  /** The word or rule that decided. */
  readonly because: string;
  /** A mailbox provider's spam button said it. */
  readonly reported: boolean;
  readonly sender: Sender | undefined;
  /** Null where no address is known. */
  readonly address: SpokenFor | null;
  /** The telephone that it came from, as every channel knows it. */
  readonly line?: readonly SpokenFor[] | undefined;
  /** What the customer wrote; null or left out for what was pressed. */
  readonly text?: string | null;
}

/** How a withdrawal or grant of consent by this source is named; by any other it is a mail's reply. */
const consentSources: ReadonlyMap<string, string> = new Map([
  ['twilio', 'sms-stop'],
  ['link', 'link'],
  ['one-click', 'one-click'],
  ['preferences', 'preferences'],
  ['desk', 'desk'],
]);

/**
 * Does what an answer asks for, as its kind says.
 * @returns the answer that the journey gets, or null where there is none
 */
export async function actOn(tx: EntityManager, answer: Answer, stored: StoredAnswer, now: Date): Promise<Answer | null> {
  const kind = answers.get(answer);
  const reported = stored.reported ? kind.reported : undefined;
  const { consent = kind.consent } = reported ?? {};
  if (consent !== undefined) await consents[consent](tx, stored, reported !== undefined, now);
  const isNews = kind.offer === undefined || (await offerMoves[kind.offer](tx, stored, now));
  return isNews && kind.journey !== undefined ? answer : null;
}

/** What becomes of consent. A spam button says more than an opt-out: no more mail at all. */
const consents: Readonly<
  Record<NonNullable<AnswerKind['consent']>, (tx: EntityManager, stored: StoredAnswer, reported: boolean, now: Date) => Promise<void>>
> = {
  withdraw: async (tx, stored, reported, now) => {
    const source = reported ? 'complaint' : (consentSources.get(stored.source) ?? 'reply');
    const reason = reported ? 'complaint' : 'opt-out';
    await optOut(tx, await spokenFor(tx, stored), { source, answered: answeredBy(stored.sender), reason }, now);
  },
  grant: async (tx, { address }, _reported, now) => {
    if (address !== null) await optIn(tx, address, 'sms-start', now);
  },
};

/** What becomes of the offer at stake. @returns whether that is news to the journey */
const offerMoves: Readonly<Record<OfferMove, (tx: EntityManager, stored: StoredAnswer, now: Date) => Promise<boolean>>> = {
  accept: async (tx, { sender }, now) =>
    sender === undefined || sender.offerId === null ? isToMessage(sender) : (await acceptOffer(tx, sender.offerId, now)) === 'accepted',
  decline: async (tx, { sender }, now) =>
    sender === undefined || sender.offerId === null ? isToMessage(sender) : declineOffer(tx, sender.offerId, now),
  release: async (tx, { sender }, now) => {
    // The journey ends too, but later: a yes that comes before then must find nothing to accept.
    const answered = answeredBy(sender);
    if (answered !== null) await releaseOffers(tx, [answered], 'withdrawn', now);
    return true;
  },
};

/**
 * Who leaves by an old message means themselves: the address that it went to, and the one that they have now. Who leaves by
 * text or WhatsApp means the telephone, on both. Who names another channel ("stop texting me", by mail) means that as well.
 */
async function spokenFor(tx: EntityManager, { address, sender, line = [], text }: StoredAnswer): Promise<SpokenFor[]> {
  if (address === null) return [];
  const hashes = [address.addressHash, sender?.presentHash ?? address.addressHash];
  const said = [...hashes.map((addressHash) => ({ channel: address.channel, addressHash })), ...line];
  const points = sender === undefined ? [] : await pointsOf(tx, sender.customerId);
  const named = namedChannels(text ?? '');
  const same = [...onSameLines(points, said), ...points.filter(({ channel }) => named.includes(channel))];
  const byKey = new Map([...said, ...same].map(({ channel, addressHash }) => [`${channel}:${addressHash}`, { channel, addressHash }]));
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
}

/** The journey that hears of the answer itself. */
function answeredBy(sender: Sender | undefined): string | null {
  return sender?.underway === true ? sender.enrolmentId : null;
}

/** "Yes" to a message that offered nothing is an answer; "yes" out of the blue is none. */
const isToMessage = (sender: Sender | undefined): boolean => (sender?.messageId ?? null) !== null;
