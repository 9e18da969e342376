import { conditionText, partsOf } from './condition-text.js';
import { compileRule } from './rule.js';

const text = (rule: string): string => conditionText(compileRule(rule).condition);

it.each([
  'customer.contract == "month-to-month" && customer.tenure >= 3',
  '(customer.plan == "a" || customer.plan == "b") && !customer.partner',
  'customer.tenure < 3 || customer.plan == "b" && has(customer.time_zone)',
  '!(customer.tenure >= 3 && score.churn > 0.5)',
  'customer.plan in ["a", "b"]',
  'events("ticket.opened", 30) > 2',
  '!customer.plan.startsWith("fiber")',
  'customer.plan != "say \\"no\\""',
])('%s is written as it was, and read in the same way', (rule) => {
  expect(text(rule)).toBe(rule);
});

it('leaves no bracket out that a rule needs', () => {
  expect(text('!(has(customer.plan)) && (customer.partner)')).toBe('!has(customer.plan) && customer.partner');
});

it('divides a rule into what must all hold', () => {
  const { condition } = compileRule('customer.tenure >= 3 && (customer.partner || customer.dependents) && !customer.senior_citizen');
  expect(partsOf(condition).map(conditionText)).toEqual([
    'customer.tenure >= 3',
    'customer.partner || customer.dependents',
    '!customer.senior_citizen',
  ]);
});
