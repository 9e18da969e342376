import type { JourneySignal } from './journey-signal.js';

/** Signals that wait until the outstanding effect is done, and the ids of earlier signals. Bounded, plain data. */
export interface Inbox {
  readonly queue: readonly JourneySignal[];
  readonly seen: readonly string[];
}

export const emptyInbox: Inbox = { queue: [], seen: [] };

/** The most ids that are remembered: far more than one journey ever gets, and few enough to keep its state small. */
const remembered = 64;
/** The most failed messages that wait at once; only the last message's failure moves a journey. */
const failuresKept = 8;

/** The inbox with the signal, or the same inbox if the signal is known or says nothing new. */
export function receive(inbox: Inbox, signal: JourneySignal): Inbox {
  const id = signalId(signal);
  if (id !== null && inbox.seen.includes(id)) return inbox;
  const seen = id === null ? inbox.seen : [...inbox.seen, id].slice(-remembered);
  if (inbox.queue.some((waiting) => saysTheSame(waiting, signal))) return { queue: inbox.queue, seen };
  const failures = inbox.queue.filter((waiting) => waiting.kind === 'message-failed');
  const queue =
    signal.kind === 'message-failed' && failures.length >= failuresKept ? inbox.queue.filter((s) => s !== failures[0]) : inbox.queue;
  return { queue: [...queue, signal], seen };
}

/** The key by which a repeated signal is recognised; null if the signal says nothing new. */
export function signalId(signal: JourneySignal): string | null {
  if (signal.kind === 'response') return `response:${signal.responseId}`;
  if (signal.kind === 'message-failed') return `message:${signal.messageId}`;
  return null;
}

/** A second answer of the same kind, or a second change, adds nothing to one that is not read yet. */
function saysTheSame(a: JourneySignal, b: JourneySignal): boolean {
  if (a.kind === 'response') return b.kind === 'response' && a.answer === b.answer;
  return a.kind === 'customer-changed' && b.kind === 'customer-changed';
}
