import { certaintyOf } from './certainty.js';
import { compileRule } from './rule.js';

const of = (source: string): string => {
  const certainty = certaintyOf(compileRule(source).condition);
  return certainty.kind === 'never' ? `never: ${certainty.why}` : certainty.kind;
};

describe('what is certain about a condition for every customer', () => {
  it.each([
    ['score.churn > 50', 'never: score.churn is from 0 to 1, so it is never above 50; write 0.5'],
    ['50 < score.churn', 'never: score.churn is from 0 to 1, so it is never above 50; write 0.5'],
    ['score.churn > 1', 'never: score.churn is from 0 to 1, so it is never above 1'],
    ['score.churn >= 1.5', 'never: score.churn is from 0 to 1, so it is never at least 1.5; write 0.015'],
    ['score.bad_debt == 30', 'never: score.bad_debt is from 0 to 1, so it is never equal to 30; write 0.3'],
    ['score.churn in [2, 3]', 'never: score.churn is from 0 to 1, so it is never equal to 2 or 3; write 0.02'],
    ['customer.tenure < 0', 'never: customer.tenure is never below 0, so it is never below 0'],
    ['events("ticket.opened", 30) < 0', 'never: events("ticket.opened", 30) is never below 0, so it is never below 0'],
    ['customer.tenure > 5 && customer.tenure < 3', 'never: customer.tenure cannot be above 5 and below 3 at once'],
    ['customer.tenure > 3 && customer.partner && customer.tenure <= 3', 'never: customer.tenure cannot be above 3 and at most 3 at once'],
    ['customer.plan == "a" && customer.plan == "b"', 'never: customer.plan cannot be "a" and "b" at once'],
    [
      'customer.status == "churned" && customer.status in ["active", "renewed"]',
      'never: customer.status cannot be "churned" and "active" or "renewed" at once',
    ],
    [
      '(score.churn > 5 || customer.tenure < 0) && customer.partner',
      'never: score.churn is from 0 to 1, so it is never above 5; write 0.05',
    ],
    ['!(true)', 'never: what it excludes always holds'],
    ['true', 'always'],
    ['!(score.churn > 50)', 'always'],
    ['true || customer.partner', 'always'],
    ['score.churn >= 1', 'depends'],
    ['score.churn > 0.5', 'depends'],
    ['score.clv > 5000', 'depends'],
    ['score.churn < 50', 'depends'],
    ['customer.tenure >= 3 && customer.tenure <= 3', 'depends'],
    ['customer.plan == "a" || customer.plan == "b"', 'depends'],
    ['score.churn > 50 || customer.partner', 'depends'],
    ['customer.plan != "a" && customer.plan == "a"', 'depends'],
  ])('%s: %s', (source, certainty) => expect(of(source)).toBe(certainty));
});
