import { Problem } from '../platform/problem.js';
import type { Facts } from './facts.js';
import { compileRule } from './rule.js';

const day = 86_400_000;
const now = Date.parse('2026-03-02T12:00:00Z');

const facts: Facts = {
  customer: {
    status: 'active',
    plan: null,
    monthly_charge: 29.85,
    tenure: 3,
    contract: 'month-to-month',
    partner: true,
    total_charges: 'a lot',
  },
  score: { churn: 0.7 },
  events: [
    { kind: 'ticket.opened', at: now - day },
    { kind: 'ticket.opened', at: now - 30 * day },
    { kind: 'ticket.opened', at: now + 1 },
  ],
  now,
};

function faultOf(source: string): string {
  try {
    compileRule(source);
  } catch (error) {
    if (error instanceof Problem) return error.places.map(({ where, what }) => `${where} ${what}`).join();
    throw error;
  }
  return 'no fault';
}

describe('a rule', () => {
  it.each([
    'customer.contract == "month-to-month" && customer.tenure >= 3 && score.churn > 0.5 && events("ticket.opened", 31) >= 2',
    'customer.tenure == 3',
    'customer.tenure in [1, 3]',
    'customer.tenure in [1.5, 3]',
    'customer.monthly_charge == 29.85',
    'customer["contract"].startsWith("month")',
    'customer.contract.endsWith("month")',
    'customer.contract.contains("-to-")',
    '"b" > "a" && !(customer.tenure < -1)',
    'customer.partner',
    'customer.partner == true',
    'has(score.churn) && !has(score.clv)',
    'events("ticket.opened", 30) == 1',
    'true || customer.partner',
  ])('holds: %s', (source) => expect(compileRule(source).holds(facts)).toBe(true));

  it.each([
    'customer.plan == "basic"',
    'customer.plan != "basic"',
    'customer.plan in ["basic"]',
    'customer.plan.startsWith("")',
    'has(customer.plan)',
    'has(customer.total_charges)',
    'customer.total_charges > 0',
    'customer.senior_citizen',
    'score.clv < 100',
  ])('does not hold where the value is missing: %s', (source) => {
    expect(compileRule(source).holds(facts)).toBe(false);
    expect(compileRule(`!(${source})`).holds(facts)).toBe(true);
  });

  it.each([
    ['customer.contrct == "one-year"', '1:1 customer has no contrct; did you mean contract?'],
    ['true &&\n  has(score.chrun)', '2:7 score has no chrun; did you mean churn?'],
    ['custmer.plan == "x"', '1:1 custmer.plan is nothing that rules know; they know customer.… and score.…'],
    ['customer.status == "actve"', '1:1 customer.status is never "actve"; it is one of active, renewed, left'],
    ['customer.contract in ["monthly"]', '1:23 customer.contract is never "monthly"; it is one of month-to-month, one-year, two-year'],
    ['customer.plan == 3', '1:1 a string is never comparable with a number'],
    ['customer.tenure', '1:1 customer.tenure is a number, not true or false; compare it with something'],
    ['customer.plan == null', '1:18 nothing equals null; ask has(customer.plan), or !has(customer.plan)'],
    ['customer.tenure + 1 > 2', '1:1 rules cannot calculate with or compare customer.tenure + 1'],
    ['customer.plan.startWith("a")', '1:1 rules cannot say startWith(); did you mean startsWith?'],
    ['events("ticket.opened") > 1', '1:1 events() takes a kind and 1 to 366 days, as in events("ticket.opened", 30)'],
    ['events("ticket.opened", 400) > 1', '1:1 events() takes a kind and 1 to 366 days, as in events("ticket.opened", 30)'],
    ['customer.tenure in []', '1:20 an empty list holds nobody'],
    ['customer.tenure >', '1:18 Unexpected token: EOF'],
    ['[1].exists(x, x > 2)', expect.stringContaining('1:') as unknown as string],
    ['customer.partner ? true : false', '1:1 rules cannot say customer.partner ? true : false'],
    ['timestamp("2020-01-01T00:00:00Z") > timestamp("2021-01-01T00:00:00Z")', expect.stringContaining('1:1') as unknown as string],
    ['customer.plan == "\\u0000"', '1:18 this text has characters that no customer can have'],
    ['', '1:1 Unexpected token: EOF'],
  ])('says what is wrong, and where: %s', (source, fault) => expect(faultOf(source)).toEqual(fault));

  it('orders texts by code point whatever the collation of the database, and leaves equality to its indexes', () => {
    expect(compileRule('customer.plan < "b"').toSql(1, new Date(now)).sql).toContain('collate "C"');
    expect(compileRule('customer.plan == "b"').toSql(1, new Date(now)).sql).not.toContain('collate');
  });

  it('never lets its text into the SQL', () => {
    const { sql, params } = compileRule(`customer.plan == "'; drop table customer; --" || events("a'b", 7) > 1`).toSql(4, new Date(now));
    expect(sql).not.toContain('drop');
    expect(sql).not.toContain("a'b");
    expect(params).toEqual([`'; drop table customer; --`, "a'b", new Date(now - 7 * day), new Date(now), 1]);
    expect([...sql.matchAll(/\$(\d+)/g)].map((match) => match[1])).toEqual(['4', '5', '6', '7', '8']);
  });
});
