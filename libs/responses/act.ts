import type { EntityManager } from '@mikro-orm/postgresql';
import type { JourneyAnswer } from '../journeys/journey-signal.js';
import { acceptOffer, declineOffer, releaseOffers } from '../offers/settle-offer.js';
import type { Sender } from './find-sender.js';
import { namedChannels } from './named-channels.js';
import { optIn, optOut } from '../consent/opt-out.js';
import type { SpokenFor } from '../messaging/contract/opt-out.js';
import { feedbackReport, type Answer, type Response } from './response.entity.js';
import { onSameLines, pointsOf } from './same-line.js';

/** An answer that has just been stored for the first time. */
export interface StoredAnswer {
  readonly source: Response['source'];
  /** The word or rule that decided. */
  readonly because: string;
  readonly sender: Sender | undefined;
  /** Null where no address is known. */
  readonly address: SpokenFor | null;
  /** The telephone that it came from, as every channel knows it. */
  readonly line?: readonly SpokenFor[] | undefined;
  /** What the customer wrote; null or left out for what was pressed. */
  readonly text?: string | null;
}

/** Does what an answer asks for. @returns what the journey is told, or null where there is nothing to tell */
type Action = (tx: EntityManager, stored: StoredAnswer, now: Date) => Promise<JourneyAnswer | null>;

/** How a withdrawal or grant of consent through this door is named. */
const consentSources: Readonly<Record<Response['source'], string>> = {
  twilio: 'sms-stop',
  smtp: 'reply',
  sendgrid: 'reply',
  ses: 'reply',
  mailgun: 'reply',
  link: 'link',
  'one-click': 'one-click',
  preferences: 'preferences',
  desk: 'desk',
};

/** What each answer does. Those that are not listed are only stored. */
export const actions: Readonly<Partial<Record<Answer, Action>>> = {
  'opt-out': async (tx, stored, now) => {
    const answered = answeredBy(stored.sender);
    await optOut(tx, await spokenFor(tx, stored), { source: consentSources[stored.source], answered }, now);
    // The journey ends too, but later: a yes that comes before then must find nothing to accept.
    if (answered !== null) await releaseOffers(tx, [answered], 'withdrawn', now);
    return 'opt-out';
  },
  'opt-in': async (tx, { address }, now) => {
    if (address !== null) await optIn(tx, address, 'sms-start', now);
    return null;
  },
  accepted: async (tx, { sender }, now) => {
    if (sender === undefined || sender.offerId === null) return answersNoOffer(sender, 'accepted');
    return (await acceptOffer(tx, sender.offerId, now)) === 'accepted' ? 'accepted' : null;
  },
  declined: async (tx, { sender }, now) => {
    if (sender === undefined || sender.offerId === null) return answersNoOffer(sender, 'declined');
    return (await declineOffer(tx, sender.offerId, now)) ? 'declined' : null;
  },
  question: () => Promise.resolve('question'),
  complaint: async (tx, stored, now) => {
    // A complaint in words is for a person to read; the spam button says that no more mail is wanted.
    if (stored.because === feedbackReport) {
      const complaint = { source: 'complaint', answered: answeredBy(stored.sender), reason: 'complaint' } as const;
      await optOut(tx, await spokenFor(tx, stored), complaint, now);
    }
    return 'complaint';
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
function answersNoOffer(sender: Sender | undefined, answer: JourneyAnswer): JourneyAnswer | null {
  return (sender?.messageId ?? null) === null ? null : answer;
}
