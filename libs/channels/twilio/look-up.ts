import type { Twilio } from 'twilio';
import type { LookUp, SentWithoutAnswer } from '../contract/channel.js';
import { twilioStatuses } from './statuses.js';

/** How to recognise the message among the provider's messages. */
export interface Sought {
  readonly from: string;
  readonly to: string;
  /** Whether it is a message with this body. */
  readonly says: (body: string) => boolean;
  /** What only messages of this product contain: the address at the beginning of its links. */
  readonly ours: string;
}

/** The time around the submission within which Twilio must have created it, in real milliseconds: clocks differ, and a request takes time. */
const window = { before: 60_000, after: 300_000 };
const mostMessages = 200;

/**
 * Looks up a message whose submission had no reply among those that Twilio sent to the address at that time. If exactly one does not belong
 * to another message of ours, it is found; among several it is not known which one. One of ours with another text may be it too: the
 * customer's name, for example, may have changed since.
 * @throws RestException or AxiosError if Twilio cannot be asked
 */
export async function lookUp(client: Twilio, { from, to, says, ours }: Sought, sent: SentWithoutAnswer): Promise<LookUp> {
  const at = sent.realSubmittedAt.getTime();
  // Not by DateSent: a message that still waits in Twilio's queue has none, and would seem not to exist.
  const listed = await client.messages.list({ to, from, limit: mostMessages });
  const unclaimed = listed.filter(
    ({ direction, dateCreated, sid }) => direction === 'outbound-api' && isAround(dateCreated, at) && !sent.knownProviderIds.has(sid),
  );
  const [match, ...others] = unclaimed.filter(({ body }) => says(body));
  if (match === undefined) {
    const tooMany = listed.length >= mostMessages;
    const unclear = tooMany || unclaimed.some(({ body }) => body.includes(ours));
    return { kind: unclear ? 'unclear' : 'not-found' };
  }
  const status = twilioStatuses.get(match.status);
  if (others.length > 0 || status === undefined) return { kind: 'unclear' };
  const failed = status === 'bounced' || status === 'rejected';
  return { kind: 'found', providerId: match.sid, status, errorCode: failed && match.errorCode ? String(match.errorCode) : null };
}

function isAround(created: Date, at: number): boolean {
  return created.getTime() >= at - window.before && created.getTime() <= at + window.after;
}
