import { emptyInbox, receive, type Inbox } from './inbox.js';
import type { Answer } from './answers/table.js';
import type { JourneySignal } from './journey-signal.js';

const response = (answer: Answer, responseId: string): JourneySignal => ({ kind: 'response', answer, responseId });
const failure = (messageId: string): JourneySignal => ({ kind: 'message-failed', messageId, channel: 'email', why: 'bounced' });
const receiveAll = (...signals: JourneySignal[]): Inbox => signals.reduce(receive, emptyInbox);

describe('the inbox of a journey', () => {
  it('keeps the order in which signals arrived', () => {
    const signals = [response('question', 'r1'), { kind: 'customer-changed' } as const, failure('m1'), response('accepted', 'r2')];
    expect(receiveAll(...signals).queue).toEqual(signals);
  });

  it('accepts an id once, also after it was read', () => {
    const read: Inbox = { ...receiveAll(response('question', 'r1')), queue: [] };
    expect(receive(read, response('question', 'r1'))).toBe(read);
  });

  it('does not keep two signals with the same meaning', () => {
    expect(receiveAll(response('accepted', 'r1'), response('accepted', 'r2')).queue).toHaveLength(1);
    expect(receiveAll({ kind: 'customer-changed' }, { kind: 'customer-changed' }).queue).toHaveLength(1);
  });

  it('stays small whatever arrives, and keeps the latest failures', () => {
    const inbox = receiveAll(...Array.from({ length: 200 }, (_, index) => failure(`m${String(index)}`)), response('accepted', 'r1'));
    expect(inbox.seen.length).toBeLessThanOrEqual(64);
    expect(inbox.queue.map((signal) => (signal.kind === 'message-failed' ? signal.messageId : signal.kind))).toEqual([
      ...Array.from({ length: 8 }, (_, index) => `m${String(192 + index)}`),
      'response',
    ]);
  });
});
