import type { Choice, ListedTask } from '../../api/types.js';
import { consequence } from './meaning-words.js';

const offer = { id: 'o', title: '12 EUR off', state: 'open', expiresAt: '2026-03-16T12:00:00.000Z', cost: 1_200, currency: 'EUR' } as const;
const task = (more: Partial<ListedTask> = {}): ListedTask => ({
  id: 't',
  kind: 'unclear',
  createdAt: '2026-03-02T12:00:00.000Z',
  dueAt: '2026-03-03T12:00:00.000Z',
  closedAt: null,
  resolution: null,
  closedBy: null,
  customer: { id: 'c', name: 'Ada', locale: 'en' },
  campaign: null,
  enrolmentId: null,
  underway: true,
  reach: { timeZone: null, preferredChannel: null, contactPoints: [] },
  reply: null,
  replies: [],
  choices: [],
  response: {
    channel: 'sms',
    text: 'hm',
    answer: 'unclear',
    because: 'no rule',
    receivedAt: '2026-03-02T12:00:00.000Z',
    lastInboundAt: '2026-03-02T12:00:00.000Z',
  },
  offer,
  ...more,
});
const choice = (more: Partial<Choice> = {}): Choice => ({
  answer: 'accepted',
  unavailable: false,
  offer: { becomes: 'open', by: null },
  journey: { notified: false, because: 'nothing-to-send' },
  ends: [],
  ...more,
});

describe('what a choice will do, in words', () => {
  it.each<[string, Partial<Choice>, RegExp]>([
    ['accepted', { offer: { becomes: 'accepted', by: 'choice' } }, /accepts “12 EUR off”: .*12.* is spent\./],
    ['declined', { offer: { becomes: 'declined', by: 'choice' } }, /declines “12 EUR off”: .*12.* goes back to the budget\./],
    ['a question', { offer: { becomes: 'open', by: null } }, /^The offer stays open until .*\. The journey is not notified\.$/],
    ['withdrawn by the journey', { offer: { becomes: 'withdrawn', by: 'journey' } }, /“12 EUR off” is withdrawn with the journey: .* back/],
    ['over already', { offer: { becomes: 'expired', by: null } }, /^The offer is expired already; nothing more is done\./],
    ['no offer', { offer: null }, /^There is no offer\./],
    [
      'the end',
      { journey: { notified: true, leads: { kind: 'ends', outcome: 'handed-over' } } },
      /gets “accepted” and ends: handed over\.$/,
    ],
    [
      'the next step',
      { journey: { notified: true, leads: { kind: 'goes-on', step: 'wait-2' } } },
      /gets “accepted” and continues with wait-2\.$/,
    ],
    ['heard', { journey: { notified: false, because: 'already-notified' } }, /The journey was notified already\.$/],
    ['no journey', { journey: null }, /The journey has ended\.$/],
    ['all texts', { ends: ['marketing', 'service'] }, /^Nothing more by SMS to this address, not even about the contract;/],
    ['marketing', { ends: ['marketing'] }, /^No more marketing by SMS to this address;/],
  ])('%s', (_, facts, words) => {
    expect(consequence(task(), choice(facts))).toMatch(words);
  });

  it('says why it is unavailable', () => {
    expect(consequence(task({ offer: { ...offer, state: 'expired' } }), choice({ unavailable: true }))).toBe(
      'The offer is no longer open: it is expired.',
    );
  });
});
