import type { EntityManager } from '@mikro-orm/postgresql';
import type { JourneyAnswer } from '../journeys/journey-signal.js';
import { acceptOffer, declineOffer } from '../treatments/settle-offer.js';
import type { Sender } from './find-sender.js';
import { optIn, optOut, type SpokenFor } from './opt-out.js';
import { feedbackReport, type Answer, type Response } from './response.entity.js';

/** An answer that has just been stored for the first time. */
export interface StoredAnswer {
  readonly source: Response['source'];
  /** The word or rule that decided. */
  readonly because: string;
  readonly sender: Sender | undefined;
  /** Null where no address is known. */
  readonly address: SpokenFor | null;
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
  'opt-out': async (tx, { source, sender, address }, now) => {
    for (const each of spokenFor(address, sender)) await optOut(tx, each, consentSources[source], answeredBy(sender), now);
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
  complaint: async (tx, { because, sender, address }, now) => {
    // A complaint in words is for a person to read; the spam button says that no more mail is wanted.
    if (because === feedbackReport) {
      for (const each of spokenFor(address, sender)) await optOut(tx, each, 'complaint', answeredBy(sender), now, 'complaint');
    }
    return 'complaint';
  },
};

/** Who leaves by an old message means themselves: the address that it went to, and the one that they have now. */
function spokenFor(address: SpokenFor | null, sender: Sender | undefined): SpokenFor[] {
  if (address === null) return [];
  const hashes = new Set([address.addressHash, sender?.presentHash ?? address.addressHash]);
  return [...hashes].sort().map((addressHash) => ({ channel: address.channel, addressHash }));
}

/** The journey that hears of the answer itself. */
function answeredBy(sender: Sender | undefined): string | null {
  return sender?.underway === true ? sender.enrolmentId : null;
}

/** "Yes" to a message that offered nothing is an answer; "yes" out of the blue is none. */
function answersNoOffer(sender: Sender | undefined, answer: JourneyAnswer): JourneyAnswer | null {
  return (sender?.messageId ?? null) === null ? null : answer;
}
