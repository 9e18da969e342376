import type { JourneySignal } from './journey-signal.js';

/** Signals that wait until the outstanding effect is done, and the ids of those that came before. Bounded, plain data. */
export interface Inbox {
  readonly queue: readonly JourneySignal[];
  readonly seen: readonly string[];
}

export const emptyInbox: Inbox = { queue: [], seen: [] };

/** Ids remembered: far more than one journey ever gets, few enough for its state to stay small. */
const remembered = 64;
/** Failed messages waiting at once; only the last message's failure moves a journey. */
const failuresKept = 8;

/** The inbox with the signal in it, or the same inbox where the signal came before or says nothing new. */
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

/** What makes a signal the same when it comes again; null if it says nothing new the second time. */
export function signalId(signal: JourneySignal): string | null {
  if (signal.kind === 'response') return `response:${signal.responseId}`;
  if (signal.kind === 'message-failed') return `message:${signal.messageId}`;
  return null;
}

/** A second answer of the same kind, or a second change, adds nothing to one that nobody has read yet. */
function saysTheSame(a: JourneySignal, b: JourneySignal): boolean {
  if (a.kind === 'response') return b.kind === 'response' && a.answer === b.answer;
  return a.kind === 'customer-changed' && b.kind === 'customer-changed';
}
