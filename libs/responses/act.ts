import type { EntityManager } from '@mikro-orm/postgresql';
import { acceptOffer, declineOffer, releaseOffers } from '../offers/settle-offer.js';
import type { Respondent } from './find-respondent.js';
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
  readonly respondent: Respondent | undefined;
  /** Null if no address is known. */
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
 * @returns the answer that the journey gets, or null if there is none
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
    await optOut(tx, await spokenFor(tx, stored), { source, answered: answeredBy(stored.respondent), reason }, now);
  },
  grant: async (tx, { address }, _reported, now) => {
    if (address !== null) await optIn(tx, address, 'sms-start', now);
  },
};

/** What becomes of the offer at stake. @returns whether that is news to the journey */
const offerMoves: Readonly<Record<OfferMove, (tx: EntityManager, stored: StoredAnswer, now: Date) => Promise<boolean>>> = {
  accept: async (tx, { respondent }, now) =>
    respondent === undefined || respondent.offerId === null
      ? isToMessage(respondent)
      : (await acceptOffer(tx, respondent.offerId, now)) === 'accepted',
  decline: async (tx, { respondent }, now) =>
    respondent === undefined || respondent.offerId === null ? isToMessage(respondent) : declineOffer(tx, respondent.offerId, now),
  release: async (tx, { respondent }, now) => {
    // The journey ends too, but later: a yes that comes before then must find nothing to accept.
    const answered = answeredBy(respondent);
    if (answered !== null) await releaseOffers(tx, [answered], 'withdrawn', now);
    return true;
  },
};

/**
 * Who leaves by an old message means themselves: the address that it went to, and the one that they have now. Who leaves by
 * text or WhatsApp means the telephone, on both. Who names another channel ("stop texting me", by mail) means that as well.
 */
async function spokenFor(tx: EntityManager, { address, respondent, line = [], text }: StoredAnswer): Promise<SpokenFor[]> {
  if (address === null) return [];
  const hashes = [address.addressHash, respondent?.presentHash ?? address.addressHash];
  const said = [...hashes.map((addressHash) => ({ channel: address.channel, addressHash })), ...line];
  const points = respondent === undefined ? [] : await pointsOf(tx, respondent.customerId);
  const named = namedChannels(text ?? '');
  const same = [...onSameLines(points, said), ...points.filter(({ channel }) => named.includes(channel))];
  const byKey = new Map([...said, ...same].map(({ channel, addressHash }) => [`${channel}:${addressHash}`, { channel, addressHash }]));
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
}

/** The journey that gets the answer itself. */
function answeredBy(respondent: Respondent | undefined): string | null {
  return respondent?.underway === true ? respondent.enrolmentId : null;
}

/** "Yes" to a message that offered nothing is an answer; "yes" out of the blue is none. */
const isToMessage = (respondent: Respondent | undefined): boolean => (respondent?.messageId ?? null) !== null;
