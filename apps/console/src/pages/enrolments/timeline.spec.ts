import type { EnrolmentStory } from '../../api/types.js';
import { timeline } from './timeline.js';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 2, 12, minute)).toISOString();

const story: EnrolmentStory = {
  id: 'e1',
  version: 1,
  measureAt: null,
  measuredAt: null,
  keptRevenue: null,
  campaign: { id: 'c1', key: 'save', title: 'Save' },
  customer: { id: 'u1', name: null, externalId: '1', timeZone: null, locale: 'en' },
  arm: 'treated',
  state: 'closed',
  outcome: 'saved',
  triggerScore: null,
  createdAt: at(0),
  enteredAt: at(1),
  closedAt: at(20),
  step: 'await',
  waitingUntil: null,
  retained: null,
  visits: [
    { ordinal: 1, step: 'choose', enteredAt: at(2), label: 'next' },
    { ordinal: 2, step: 'await', enteredAt: at(3), label: 'accepted' },
  ],
  decisions: [
    {
      id: 'd1',
      step: 'choose',
      reference: null,
      occurrence: 1,
      kind: 'treat',
      subject: 'credit',
      candidates: [],
      reasons: [],
      until: null,
      at: at(4),
    },
  ],
  offers: [
    {
      id: 'o1',
      step: 'choose',
      treatment: 'credit',
      title: 'Ten off',
      cost: 1000,
      currency: 'EUR',
      voucherCode: 'CODE',
      settledAt: at(19),
      state: 'accepted',
      issuedAt: at(4),
      expiresAt: at(60),
    },
  ],
  messages: [],
  responses: [{ id: 'r1', source: 'twilio', channel: 'sms', answer: 'accepted', because: 'yes', text: 'yes', receivedAt: at(19) }],
};

describe('timeline', () => {
  it('keeps a step together even if its decision was stored after the next step was reached', () => {
    const order = timeline(story).map((entry) => entry.id);
    expect(order).toEqual(['enrolled', 'entered', 'visit 1', 'd1', 'o1', 'visit 2', 'r1', 'closed']);
  });
});
