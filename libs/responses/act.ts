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
  /** It came from a mailbox provider's spam button. */
  readonly reported: boolean;
  readonly respondent: Respondent | undefined;
  /** Null if no address is known. */
  readonly address: SpokenFor | null;
  /** The hashes of the telephone that it came from, for every channel. */
  readonly line?: readonly SpokenFor[] | undefined;
  /** The customer's text; null or missing for a click. */
  readonly text?: string | null;
}

/** The source of a consent event for this source of an answer; any other is a reply by mail. */
const consentSources: ReadonlyMap<string, string> = new Map([
  ['twilio', 'sms-stop'],
  ['link', 'link'],
  ['one-click', 'one-click'],
  ['preferences', 'preferences'],
  ['desk', 'desk'],
]);

/** Carries out what follows from an answer, as its kind declares. @returns the answer for the journey, or null if there is none */
export async function actOn(tx: EntityManager, answer: Answer, stored: StoredAnswer, now: Date): Promise<Answer | null> {
  const kind = answers.get(answer);
  const reported = stored.reported ? kind.reported : undefined;
  const { consent = kind.consent } = reported ?? {};
  if (consent !== undefined) await consents[consent](tx, stored, reported !== undefined, now);
  const isNews = kind.offer === undefined || (await offerMoves[kind.offer](tx, stored, now));
  return isNews && kind.journey !== undefined ? answer : null;
}

/** The effect on consent. A spam button means more than an opt-out: no more mail at all. */
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

/** The effect on the offer in question. @returns whether that is new for the journey */
const offerMoves: Readonly<Record<OfferMove, (tx: EntityManager, stored: StoredAnswer, now: Date) => Promise<boolean>>> = {
  accept: async (tx, { respondent }, now) =>
    respondent === undefined || respondent.offerId === null
      ? isToMessage(respondent)
      : (await acceptOffer(tx, respondent.offerId, now)) === 'accepted',
  decline: async (tx, { respondent }, now) =>
    respondent === undefined || respondent.offerId === null ? isToMessage(respondent) : declineOffer(tx, respondent.offerId, now),
  release: async (tx, { respondent }, now) => {
    // The journey ends too, but later: a yes that arrives before that must find nothing to accept.
    const answered = answeredBy(respondent);
    if (answered !== null) await releaseOffers(tx, [answered], 'withdrawn', now);
    return true;
  },
};

/**
 * An opt-out by an old message covers the address that it was sent to and the present one. An opt-out by text or WhatsApp covers the
 * telephone, on both. An opt-out that names another channel ("stop texting me", by mail) covers that as well.
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

/** "Yes" to a message without an offer is an answer; "yes" without any message is not. */
const isToMessage = (respondent: Respondent | undefined): boolean => (respondent?.messageId ?? null) !== null;
