import type { KeptOut } from '../../api/types.js';
import { besidesText, entersText, keptOutText } from './kept-out-words.js';

const because = (changes: Partial<KeptOut>): KeptOut => ({ reason: 'churned', unmet: [], bound: null, ...changes });
const bound = { score: 'churn', must: 'rise-above', bound: 0.5, value: 0.42 } as const;

it.each<[string, Partial<KeptOut>]>([
  ['The customer has churned.', {}],
  ['The customer objected to marketing.', { reason: 'objected' }],
  ['Customers enter only when a person enrols them.', { reason: 'by-hand' }],
  ['The campaign is paused: nobody enters.', { reason: 'paused' }],
  ['The churn score is 0.42: 0.08 below the threshold of 0.50.', { reason: 'trigger', bound }],
  ['The churn score is 0.50: just below the threshold of 0.50.', { reason: 'trigger', bound: { ...bound, value: 0.499 } }],
  ['Has no churn score; it must rise above 0.50.', { reason: 'trigger', bound: { ...bound, value: null } }],
  ['The campaign’s trigger does not hold.', { reason: 'trigger' }],
  [
    'Was enrolled before: may enter again once the bad debt score has fallen below 0.40; it is 0.42.',
    { reason: 'enrolled-before', bound: { ...bound, score: 'bad_debt', must: 'fall-below', bound: 0.4 } },
  ],
  [
    'Not in the audience: customer.tenure >= 3, but tenure is 1; customer.contract == "month-to-month", but contract is not known.',
    {
      reason: 'not-in-audience',
      unmet: [
        { rule: 'customer.tenure >= 3', has: [{ field: 'customer.tenure', value: 1 }] },
        { rule: 'customer.contract == "month-to-month"', has: [{ field: 'customer.contract', value: null }] },
      ],
    },
  ],
  [
    'Not in the audience: events("ticket.opened", 30) > 2.',
    { reason: 'not-in-audience', unmet: [{ rule: 'events("ticket.opened", 30) > 2', has: [] }] },
  ],
])('%s', (said, changes) => {
  expect(keptOutText(because(changes))).toBe(said);
});

const standing = {
  campaign: { id: 'c', key: 'save', title: 'Save', state: 'live' },
  inside: null,
  keptOut: [],
  arm: 'treated',
  reachable: true,
} as const;

it('says what the next check would do', () => {
  expect(entersText(standing)).toBe('The next check enrols them, treated.');
  expect(entersText({ ...standing, arm: 'holdout', reachable: false })).toBe(
    'The next check enrols them, held out: the random split puts this customer into the holdout. No message may reach them now.',
  );
});

it('says what would follow for one who is kept out', () => {
  expect(besidesText(standing)).toBe('');
  expect(besidesText({ ...standing, arm: 'holdout' })).toContain('Would be held out');
});
