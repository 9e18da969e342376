import type { ListedTask } from '../../api/types.js';
import { consequence, meanings } from './meaning-words.js';

const offer = { id: 'o', title: '12 EUR off', state: 'open', expiresAt: '2026-03-16T12:00:00.000Z', cost: 1_200, currency: 'EUR' };
const task = (more: Partial<ListedTask> = {}): ListedTask => ({
  id: 't',
  kind: 'unclear',
  createdAt: '2026-03-02T12:00:00.000Z',
  dueAt: '2026-03-03T12:00:00.000Z',
  closedAt: null,
  resolution: null,
  closedBy: null,
  customer: { id: 'c', name: 'Ada' },
  campaign: null,
  enrolmentId: null,
  underway: true,
  response: { channel: 'sms', text: 'hm', answer: 'unclear', because: 'no rule', receivedAt: '2026-03-02T12:00:00.000Z' },
  offer,
  ...more,
});

describe('what a meaning will do', () => {
  it('is told for each, with the money that it moves', () => {
    const told = meanings.map((meaning) => consequence(task(), meaning));
    expect(told.map(({ barred }) => barred)).toEqual([false, false, false, false, false]);
    expect(told[0]?.text).toMatch(/takes “12 EUR off”: .*12.* is spent\. The journey goes on: accepted\./);
    expect(told[1]?.text).toMatch(/12.* goes back to the budget/);
    expect(told[3]?.text).toMatch(/^Nothing more by SMS to this address, not even about the contract;/);
    const byMail = task({ response: { ...task().response, channel: 'email' } });
    expect(consequence(byMail, 'opt-out').text).toMatch(/^No more marketing by e-mail to this address;/);
    expect(told[4]?.text).toBe('Nothing is done. The journey is left where it is.');
  });

  it.each(['expired', 'declined', 'withdrawn'])('is barred where it takes an offer that is %s', (state) => {
    expect(consequence(task({ offer: { ...offer, state } }), 'accepted')).toMatchObject({ barred: true });
  });

  it('is nothing more where it was done already', () => {
    expect(consequence(task({ offer: { ...offer, state: 'accepted' } }), 'accepted')).toMatchObject({ barred: false });
    expect(consequence(task({ kind: 'question' }), 'question').text).toContain('has heard of it');
  });

  it('says where no journey runs or no offer is at stake', () => {
    expect(consequence(task({ underway: false, offer: null }), 'accepted').text).toBe('No offer is at stake. No journey runs any more.');
  });
});
