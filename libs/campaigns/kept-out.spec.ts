import { keptOut, type EntryFacts } from './kept-out.js';

const byScore = { kind: 'score', score: 'churn', risesAbove: 0.5, fallsBelow: 0.4 };

/** A customer whom the campaign would enrol, but for what is said. */
const asked = (but: Partial<EntryFacts> = {}, customer: EntryFacts['facts']['customer'] = {}, churn: number | null = 0.7) =>
  keptOut({
    state: 'live',
    definition: { audience: 'customer.contract == "month-to-month" && customer.tenure >= 3', trigger: byScore },
    facts: { customer: { status: 'active', contract: 'month-to-month', tenure: 12, ...customer }, score: { churn }, events: [], now: 0 },
    objected: false,
    meetsTrigger: true,
    armed: true,
    ...but,
  });
const reasons = (...given: Parameters<typeof asked>) => asked(...given).map(({ reason }) => reason);

describe('what keeps a customer out of a running campaign', () => {
  it('is nothing if the next check enrols them', () => {
    expect(asked()).toEqual([]);
  });

  it.each([
    ['churned', reasons({}, { status: 'churned' })],
    ['objected', reasons({ objected: true })],
    ['paused', reasons({ state: 'paused' })],
    ['enrolled-before', reasons({ armed: false })],
    ['trigger', reasons({ meetsTrigger: false }, {}, 0.3)],
    ['not-in-audience', reasons({}, { tenure: 1 })],
  ])('%s', (reason, given) => {
    expect(given).toEqual([reason]);
  });

  it('is the part of the audience that does not hold, with what the customer has', () => {
    expect(asked({}, { contract: 'two-year' })).toEqual([
      {
        reason: 'not-in-audience',
        unmet: [{ rule: 'customer.contract == "month-to-month"', has: [{ field: 'customer.contract', value: 'two-year' }] }],
        bound: null,
      },
    ]);
  });

  it('is a score below the threshold, with both', () => {
    expect(asked({ meetsTrigger: false }, {}, 0.42)).toMatchObject([
      { reason: 'trigger', bound: { score: 'churn', must: 'rise-above', bound: 0.5, value: 0.42 } },
    ]);
  });

  it('is a score that nobody has computed', () => {
    expect(asked({ meetsTrigger: false }, {}, null)).toMatchObject([{ reason: 'trigger', bound: { value: null } }]);
  });

  it('is the bound that the score must fall below, for one who was enrolled before', () => {
    expect(asked({ armed: false })).toMatchObject([{ bound: { must: 'fall-below', bound: 0.4, value: 0.7 } }]);
  });

  it('is that a person enrols by hand, and then no score', () => {
    const definition = { audience: 'true', trigger: { kind: 'manual' } };
    expect(reasons({ definition, meetsTrigger: false, armed: false })).toEqual(['by-hand']);
  });

  it('is everything at once, hardest to change first', () => {
    expect(
      reasons({ objected: true, meetsTrigger: false, armed: false, state: 'paused' }, { status: 'churned', tenure: null, contract: null }),
    ).toEqual(['churned', 'objected', 'not-in-audience', 'trigger', 'enrolled-before', 'paused']);
  });
});
