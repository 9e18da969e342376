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

function errorOf(source: string): string {
  try {
    compileRule(source);
  } catch (error) {
    if (error instanceof Problem) return error.places.map(({ where, what }) => `${where} ${what}`).join();
    throw error;
  }
  return 'no error';
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
  ])('does not hold if the value is missing: %s', (source) => {
    expect(compileRule(source).holds(facts)).toBe(false);
    expect(compileRule(`!(${source})`).holds(facts)).toBe(true);
  });

  it.each([
    ['customer.contrct == "one-year"', '1:1 customer has no contrct; did you mean contract?'],
    ['true &&\n  has(score.chrun)', '2:7 score has no chrun; did you mean churn?'],
    ['custmer.plan == "x"', '1:1 custmer.plan is not known to rules; they know customer.… and score.…'],
    ['customer.status == "actve"', '1:1 customer.status is never "actve"; it is one of active, renewed, churned; did you mean active?'],
    ['customer.contract in ["monthly"]', '1:23 customer.contract is never "monthly"; it is one of month-to-month, one-year, two-year'],
    ['customer.plan == 3', '1:1 a string is never comparable with a number; write "3"'],
    ['customer.tenure >= "3"', '1:1 a number is never comparable with a string; write 3, without quotes'],
    ['customer.partner == "yes"', '1:1 a boolean is never comparable with a string; write true or false, without quotes'],
    ['customer.tenure', '1:1 customer.tenure is a number, not true or false; compare it with something'],
    ['customer.plan == null', '1:18 nothing equals null; write has(customer.plan), or !has(customer.plan)'],
    ['customer.tenure + 1 > 2', '1:1 rules cannot calculate with, or compare, customer.tenure + 1'],
    ['customer.plan.startWith("a")', '1:1 rules do not support startWith(); did you mean startsWith?'],
    ['events("ticket.opened") > 1', '1:1 events() takes a kind and 1 to 366 days, as in events("ticket.opened", 30)'],
    ['events("ticket.opened", 400) > 1', '1:1 events() takes a kind and 1 to 366 days, as in events("ticket.opened", 30)'],
    ['customer.tenure in []', '1:20 an empty list matches nobody'],
    ['customer.tenure >', '1:18 ends too early: something must follow here'],
    ['(customer.tenure > 3', '1:21 ends before a ( is closed; write )'],
    ['customer.plan == "basic', '1:18 a quote is opened here and never closed'],
    ['[1].exists(x, x > 2)', expect.stringContaining('1:') as unknown as string],
    ['customer.partner ? true : false', '1:1 rules do not support customer.partner ? true : false'],
    ['timestamp("2020-01-01T00:00:00Z") > timestamp("2021-01-01T00:00:00Z")', expect.stringContaining('1:1') as unknown as string],
    ['customer.plan == "\\u0000"', '1:18 this text has characters that no customer can have'],
    ['', '1:1 ends too early: something must follow here'],
  ])('reports what is wrong, and where: %s', (source, error) => expect(errorOf(source)).toEqual(error));

  it.each([
    ['customer.status = "renewed"', '1:17 = compares nothing; write =='],
    ['customer.plan === "a"', '1:15 === is not known here; write =='],
    ['customer.plan <> "a"', '1:15 <> is not known here; write !='],
    ['customer.tenure => 3', '1:17 => is not known here; write >='],
    ['customer.tenure =< 3', '1:17 =< is not known here; write <='],
    ['customer.partner AND customer.tenure > 3', '1:18 AND is not known here; write &&'],
    ['customer.partner and customer.tenure > 3', '1:18 and is not known here; write &&'],
    ['customer.partner Or customer.tenure > 3', '1:18 Or is not known here; write ||'],
    ['NOT customer.partner', '1:1 NOT is not known here; write ! before what should not hold'],
    ['customer.partner & customer.tenure > 3', '1:18 & is not known here; write &&'],
    ['customer.partner | customer.tenure > 3', '1:18 | is not known here; write ||'],
    ['customer.plan NOT IN ["a"]', '1:15 NOT IN is not known here; write !(customer.plan in ["a", "b"])'],
    ['customer.plan IN ["a"]', '1:15 IN is not known here; write in'],
    ['customer.plan in ("a", "b")', '1:15 a list stands in square brackets; write in ["a", "b"]'],
    ['customer.plan is null', '1:15 is null is not known here; write !has(customer.plan)'],
    ['customer.plan IS NOT NULL', '1:15 IS NOT NULL is not known here; write has(customer.plan)'],
    ['customer.plan LIKE "a%"', expect.stringContaining('1:15 LIKE is not known here; write customer.plan.startsWith("a")')],
    ['customer.tenure between 3 and 5', '1:17 between is not known here; write customer.tenure >= 3 && customer.tenure <= 5'],
    ['customer.plan == “basic”', '1:18 “ is a typographic quote; write straight quotes, as in "basic"'],
    ['customer.plan == ‘basic’', expect.stringContaining('1:18 ‘ is a typographic quote')],
    ['customer.tenure\u00a0> 3', expect.stringContaining('1:16 there is an invisible character here')],
    ['score.churn > 50%', '1:15 50% is not known here; write the share as a number, 0.5'],
    ['score.churn > 0,5', '1:13 a number has a point; write > 0.5'],
    ['customer.monthly_charge > 20 EUR', expect.stringContaining('amounts have no currency here; write the number alone')],
    ['customer.monthly_charge > €20', expect.stringContaining('1:27 amounts have no currency here')],
    ['customer.tenure >= 3 months', expect.stringContaining('a number has no unit here; customer.tenure counts months')],
    ['events("ticket.opened", 30 days) > 1', expect.stringContaining('a number has no unit here')],
    ['segment("vip")', '1:1 a condition cannot name a segment; write the rule of the segment itself here'],
    ['segment("vip") && customer.tenure > 3', expect.stringContaining('1:1 a condition cannot name a segment')],
    ['lower(customer.plan) == "a"', expect.stringContaining('1:1 there is no lower() here; there are events(kind, days)')],
    ['event("ticket.opened", 30) > 1', expect.stringContaining('there is no event() here')],
    ['customer.tenure > days_since("2025-01-01")', expect.stringContaining('there is no days_since() here')],
    ['customer.partner == True', '1:21 True is not known here; write true'],
    ['customer.partner == yes', '1:21 yes is not known here; write true'],
    ['tenure >= 3', '1:1 tenure stands alone; write customer.tenure'],
    ['churn > 0.5 && customer.tenure > 3', '1:1 churn stands alone; write score.churn'],
    ['customer.status == renewed', expect.stringContaining('the word renewed needs quotes; write "renewed"')],
    ['customer.contract == month-to-month', expect.stringContaining('the word month-to-month needs quotes; write "month-to-month"')],
    ['if customer.partner then true', expect.stringContaining('1:1 if is not known here; write a condition alone')],
    [
      'customer plan == "a"',
      expect.stringMatching(/^1:\d+ .*cannot stand here; a condition is written as in|stands alone; write customer\.plan/),
    ],
  ] as [string, string][])('suggests what to write instead: %s', (source, error) => expect(errorOf(source)).toEqual(error));

  it.each([
    'customer.plan == "a AND b = c"',
    "customer.plan == 'not 50% (20 EUR), if segment(x)'",
    'customer.plan.contains("“basic” <> like")',
  ])('does not misread quoted text: %s', (source) => expect(errorOf(source)).toBe('no error'));

  it('is read in bounded time, whatever the text', () => {
    const many = (one: string): string => one.repeat(200_000 / one.length);
    for (const source of [
      'a'.repeat(9_000),
      '('.repeat(9_000),
      many('('),
      many('a'),
      many('!'),
      many('customer.plan == "a" && '),
      many('"'),
      many('= '),
    ]) {
      const { user: before } = process.cpuUsage();
      expect(errorOf(source)).toMatch(/^\d+:\d+ .{3,200}$/);
      expect(process.cpuUsage().user - before).toBeLessThan(500_000);
    }
  });

  it('orders texts by code point, whatever the collation of the database, and can use an index for equality', () => {
    expect(compileRule('customer.plan < "b"').toSql(1, new Date(now)).sql).toContain('collate "C"');
    expect(compileRule('customer.plan == "b"').toSql(1, new Date(now)).sql).not.toContain('collate');
  });

  it('never puts its text into the SQL', () => {
    const { sql, params } = compileRule(`customer.plan == "'; drop table customer; --" || events("a'b", 7) > 1`).toSql(4, new Date(now));
    expect(sql).not.toContain('drop');
    expect(sql).not.toContain("a'b");
    expect(params).toEqual([`'; drop table customer; --`, "a'b", new Date(now - 7 * day), new Date(now), 1]);
    expect([...sql.matchAll(/\$(\d+)/g)].map((match) => match[1])).toEqual(['4', '5', '6', '7', '8']);
  });
});
