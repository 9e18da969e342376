import type { DecisionRow, EnrolmentStory } from '../../api/types.js';
import { verdict, type Names } from './verdict.js';

const names: Names = { step: (id) => id, treatment: (key) => key, isEnding: () => false };
const at = '2026-03-02T12:00:00.000Z';

const story = (changes: Partial<EnrolmentStory>): EnrolmentStory => ({
  id: 'e1',
  version: 1,
  measureAt: null,
  measuredAt: null,
  keptRevenue: null,
  campaign: { id: 'c1', key: 'save', title: 'Save' },
  customer: { id: 'u1', name: 'Ada Berg', externalId: '1', timeZone: null, locale: 'en' },
  arm: 'treated',
  state: 'entered',
  outcome: null,
  triggerScore: 0.7,
  createdAt: at,
  enteredAt: at,
  closedAt: null,
  step: null,
  waitingUntil: null,
  retained: null,
  visits: [],
  decisions: [],
  offers: [],
  messages: [],
  responses: [],
  ...changes,
});

const decision = (changes: Partial<DecisionRow>): DecisionRow => ({
  id: 'd1',
  step: 'choose',
  reference: null,
  occurrence: 1,
  kind: 'treat',
  subject: null,
  candidates: [],
  reasons: [],
  until: null,
  at,
  ...changes,
});

const offer: EnrolmentStory['offers'][number] = {
  voucherCode: 'CODE',
  settledAt: null,
  id: 'o1',
  step: 'choose',
  treatment: 'credit',
  title: 'Ten off',
  cost: 1000,
  currency: 'EUR',
  state: 'open',
  issuedAt: at,
  expiresAt: at,
};

const nothing = { key: 'nothing', eligible: true, value: 0, reasons: ['always-possible'] };

describe('verdict', () => {
  it('explains that a held-out customer gets nothing on purpose', () => {
    expect(verdict(story({ arm: 'holdout' }), names, 'EUR')).toContain('Gets nothing on purpose');
  });

  it('names the best candidate if nothing pays off, which is never "doing nothing"', () => {
    const candidates = [{ key: 'credit', eligible: true, value: -300, reasons: ['does-not-pay'] }, nothing];
    const none = decision({ kind: 'none', candidates, reasons: ['nothing-pays'] });
    const said = verdict(story({ state: 'closed', outcome: 'nothing-pays', decisions: [none] }), names, 'EUR');
    expect(said).toContain('nothing pays. The best candidate, credit,');
  });

  it('reports that the customer was eligible for nothing', () => {
    const candidates = [{ key: 'credit', eligible: false, value: null, reasons: ['not-eligible'] }, nothing];
    const none = decision({ kind: 'none', candidates, reasons: ['not-eligible'] });
    expect(verdict(story({ decisions: [none] }), names, 'EUR')).toContain('eligible for none of the treatments');
  });

  it('explains why an offer was never sent', () => {
    const block = decision({ id: 'd2', step: 'offer', kind: 'block', subject: 'email', reasons: ['no-consent'] });
    const said = verdict(story({ state: 'closed', outcome: 'unreachable', offers: [offer], decisions: [block] }), names, 'EUR');
    expect(said).toContain('but it was not sent: the customer has not agreed to marketing on this channel.');
    expect(said).toContain('Could not be reached on any channel.');
  });

  it('names the channel of a sent offer, and the reason for that offer', () => {
    const candidates = [{ key: 'credit', eligible: true, value: 500, reasons: ['pays'] }, nothing];
    const sms = { id: 'm1', step: 'offer', channel: 'sms', template: 'save', state: 'delivered' } as const;
    const tries = { reference: null, occurrence: 1, attempts: 1, errorClass: null, errorCode: null };
    const sent = { ...sms, ...tries, plannedAt: at, submittedAt: at, settledAt: at };
    const treat = decision({ subject: 'credit', candidates });
    const said = verdict(story({ offers: [offer], decisions: [treat], messages: [sent] }), names, 'EUR');
    expect(said).toContain('Was offered “Ten off” by SMS (delivered), as it was expected to bring');
    expect(said).toContain('the most of all candidates');
  });
});
