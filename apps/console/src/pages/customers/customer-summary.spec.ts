import type { CampaignStanding, ContactPoint, CustomerDetail } from '../../api/types.js';
import { customerSummary } from './customer-summary.js';

const at = '2026-03-02T12:00:00.000Z';
const point = (channel: ContactPoint['channel'], marketing: ContactPoint['restrictions']['marketing'] = []): ContactPoint => ({
  id: channel,
  channel,
  address: 'somewhere',
  deadAt: null,
  suppressed: null,
  marketing: marketing.length === 0,
  restrictions: { marketing, service: [] },
});

const customer = (changes: Partial<CustomerDetail> = {}): CustomerDetail => ({
  id: 'u1',
  externalId: '1',
  name: 'Ada Berg',
  locale: 'en',
  timeZone: null,
  status: 'active',
  plan: null,
  monthlyCharge: null,
  currency: null,
  tenure: null,
  preferredChannel: null,
  attributes: {},
  titles: { contract: 'How long the customer is bound' },
  made: [],
  objectedAt: null,
  churnedAt: null,
  createdAt: at,
  updatedAt: at,
  contactPoints: [point('email')],
  consents: [],
  scores: [],
  enrolments: [],
  events: [],
  offers: [],
  messages: [],
  ...changes,
});

const churn = (contribution: number, previous: number | null = null): CustomerDetail['scores'][number] => ({
  kind: 'churn',
  title: null,
  range: null,
  value: 0.71,
  previous,
  modelId: null,
  reasons: [{ feature: 'contract', value: 'month-to-month', contribution }],
  scoredAt: at,
});

const standing = (title: string, changes: Partial<CampaignStanding> = {}): CampaignStanding => ({
  campaign: { id: title, key: title, title, state: 'live' },
  inside: null,
  keptOut: [{ reason: 'by-hand', unmet: [], bound: null }],
  arm: 'treated',
  reachable: true,
  ...changes,
});

it('says how likely they leave, and what counts most', () => {
  expect(customerSummary(customer({ scores: [churn(0.9, 0.52)] }), undefined)).toBe(
    'Churn score 0.71, up from 0.52. What raises it most: how long the customer is bound (month to month). Marketing may reach them by e-mail.',
  );
  expect(customerSummary(customer({ scores: [churn(-0.9)] }), undefined)).toContain('What lowers it most');
  expect(customerSummary(customer(), undefined)).toContain('Has no churn score yet.');
});

it('says where they are inside, and what the next check does', () => {
  const standings = [
    standing('A', { inside: { id: 'e1', arm: 'treated', state: 'entered' }, keptOut: [] }),
    standing('B', { inside: { id: 'e2', arm: 'holdout', state: 'entered' }, keptOut: [] }),
    standing('C', { keptOut: [] }),
    standing('D', { keptOut: [], arm: 'holdout' }),
    standing('E'),
  ];
  const said = customerSummary(customer(), standings);
  for (const sentence of [
    'Is in “A”.',
    'Is held out of “B”.',
    'The next check enrols them into “C”.',
    'The next check holds them out of “D”.',
  ])
    expect(said).toContain(sentence);
  expect(said).not.toContain('“E”');
  expect(customerSummary(customer(), [standing('E')])).toContain('Is in no campaign.');
});

it.each<[string, Partial<CustomerDetail>]>([
  ['No message can reach them: no address is known.', { contactPoints: [] }],
  ['Marketing reaches them on no channel: e-mail (dead address).', { contactPoints: [point('email', ['dead-address'])] }],
  ['Marketing may reach them by e-mail, not by SMS (no consent).', { contactPoints: [point('email'), point('sms', ['no-consent'])] }],
  ['Objected to marketing', { objectedAt: at }],
  ['Has given notice: the contract ends', { churnedAt: at }],
  ['Churned', { status: 'churned', churnedAt: at }],
])('%s', (said, changes) => {
  expect(customerSummary(customer(changes), undefined)).toContain(said);
});
