import { z } from 'zod';
import { judgeFailure } from '../../../../channels/bounces/failure.js';
import { Problem } from '../../../../platform/problem.js';
import { eventId, type Incoming, type MailAdapter, type Outside } from '../inbound-adapter.js';
import { cluesOfMessageId, type Clues } from '../../which-message/inbound-clues.js';
import { expectMailgunSigned } from './mailgun-signature.js';

const shortText = z.string().max(2_000).optional().catch(undefined);
const call = z.object({
  signature: z.object({ timestamp: z.coerce.string(), token: z.string(), signature: z.string() }),
  'event-data': z.unknown(),
});
const event = z.object({
  event: z.string(),
  id: eventId,
  /** Of a failure: Mailgun tries again after a `temporary` one. */
  severity: shortText,
  reason: shortText,
  'delivery-status': z
    .object({ code: z.number().optional().catch(undefined), 'enhanced-code': shortText, message: shortText, description: shortText })
    .optional()
    .catch(undefined),
  /** The return path, which is ours; a complaint comes without. */
  envelope: z.object({ sender: shortText }).optional().catch(undefined),
  /** The Message-ID that the mail was handed over with, without its brackets. */
  message: z
    .object({ headers: z.object({ 'message-id': shortText }) })
    .optional()
    .catch(undefined),
});
type Event = z.infer<typeof event>;

/** What each event says. A program may open or click too, so those are ignored. */
const readers: Readonly<Record<string, (event: Event) => Incoming>> = {
  accepted: delayed,
  delivered: (one) => ({ kind: 'delivery', clues: cluesOf(one), outcome: { status: 'delivered' } }),
  failed: (one) => (one.severity === 'permanent' ? failed(one) : delayed(one)),
  rejected: (one) => ({ kind: 'delivery', clues: cluesOf(one), outcome: { status: 'rejected', code: 'rejected' } }),
  complained: (one) => feedback(one, 'complaint'),
  unsubscribed: (one) => feedback(one, 'opt-out'),
};

/**
 * Mailgun's webhooks: what became of a mail that went out through it, an event in each call. Signed as its routes are, so a
 * token is good for one body only.
 */
export function mailgunEvents(key: string, { now }: Outside): MailAdapter {
  return ({ body }) => {
    const { signature, 'event-data': data } = readCall(body);
    expectMailgunSigned(key, signature, now());
    const one = event.safeParse(data).data;
    const read = one !== undefined && Object.hasOwn(readers, one.event) ? readers[one.event] : undefined;
    return Promise.resolve({ onceOnly: signature.token, incoming: one === undefined || read === undefined ? [] : [read(one)] });
  };
}

function readCall(body: Buffer): z.infer<typeof call> {
  try {
    return call.parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new Problem('invalid', 'The body is not one that Mailgun sends');
  }
}

/** It came back; or Mailgun tried nobody, as the address stands on one of its lists (`suppress-bounce` and its kind). */
function failed(one: Event): Incoming {
  const { reason = '', 'delivery-status': status } = one;
  if (/^suppress-[a-z]{1,40}$/.test(reason))
    return { kind: 'delivery', clues: cluesOf(one), outcome: { status: 'rejected', code: reason } };
  const words = [status?.code, status?.message, status?.description].join(' ');
  return {
    kind: 'delivery',
    clues: cluesOf(one),
    outcome: { status: 'bounced', ...judgeFailure({ status: status?.['enhanced-code'], words }) },
  };
}

/** Nothing is settled yet: the provider has it, or tries again. */
function delayed(one: Event): Incoming {
  return { kind: 'delivery', clues: cluesOf(one), outcome: { status: 'delayed' } };
}

function feedback(one: Event, answer: 'complaint' | 'opt-out'): Incoming {
  return { kind: 'feedback', sourceId: one.id, clues: cluesOf(one), feedback: { answer, mailFrom: undefined } };
}

function cluesOf({ message, envelope }: Event): Clues {
  return cluesOfMessageId(message?.headers['message-id'], envelope?.sender);
}
