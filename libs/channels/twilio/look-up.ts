import type { Twilio } from 'twilio';
import type { LookUp, SentWithoutAnswer } from '../contract/channel.js';
import { twilioStatuses } from './statuses.js';

/** Which of the provider's messages might be the one that is sought. */
export interface Sought {
  readonly from: string;
  readonly to: string;
  /** Whether it is a message with this body. */
  readonly says: (body: string) => boolean;
  /** What no message has that is not of this product: the address that its links begin with. */
  readonly ours: string;
}

/** Real milliseconds around the submission within which Twilio must have created it: clocks differ, and a request takes its time. */
const window = { before: 60_000, after: 300_000 };
const mostMessages = 200;

/**
 * Looks for a message whose submission was never answered among what Twilio sent to the address about then. Exactly one
 * that is not another message of ours is it; of several nobody knows which. One of ours with other words may be it too:
 * the customer's name, say, may have changed since.
 * @throws RestException or AxiosError if Twilio cannot be asked
 */
export async function lookUp(client: Twilio, { from, to, says, ours }: Sought, sent: SentWithoutAnswer): Promise<LookUp> {
  const at = sent.realSubmittedAt.getTime();
  // Not by DateSent: a message that still waits in Twilio's queue has none, and would seem never to have come.
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
