import { projectFile } from '../platform/project-file.js';
import { parseScoreDeclaration, readScoreDeclaration } from './declaration.js';
import { Problem } from '../platform/problem.js';
import { wordsOf } from './features/reason-words.js';

const valid = `
score: churn
title: Likelihood of leaving
target: churned_before
horizon_days: 30
l2: 1
features:
  tenure: { type: number }
`;

describe('a score declaration', () => {
  it('is valid in the file of the project', async () => {
    const declared = await readScoreDeclaration(projectFile('config', 'scores', 'churn.yaml'));
    expect(declared.target).toBe('churned_before');
    expect(Object.keys(declared.features)).not.toContain('churned_before');
  });

  it('has a default for the number of knots', () => {
    expect(parseScoreDeclaration(valid).features['tenure']).toEqual({ type: 'number', knots: 5, logarithm: false });
  });

  it('is refused if the target is a feature', () => {
    expect(() => parseScoreDeclaration(valid.replace('tenure:', 'churned_before:'))).toThrow(/features: must not hold the target/);
  });

  it.each([
    ['an unknown kind', valid.replace('churn', 'luck'), 'score'],
    ['an unknown type', valid.replace('number', 'colour'), 'features.tenure.type'],
    ['an unknown setting', `${valid}mood: good\n`, 'mood'],
  ])('names the place of %s', (_, yaml, where) => {
    let problem: unknown;
    try {
      parseScoreDeclaration(yaml);
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(Problem);
    expect((problem as Problem).places.map((place) => place.where)).toEqual([where]);
  });

  it('reads features of every source, with durations in words', () => {
    const { features, target, population } = parseScoreDeclaration(`
score: churn
title: Likelihood of leaving
target: { event: contract.ended, within: 30 days }
population: customer.status == "active" && events("usage", 90) > 0
features:
  failed_payments_90: { events: payment.failed, count: 90 days, monotone: rising }
  spend_90: { events: payment.received, sum: amount, within: 90 days, logarithm: true }
  spend_mean: { events: payment.received, mean: amount, within: 1 day }
  usage_trend: { events: usage, trend: minutes, within: 30 days, of: 180 days }
  days_since_usage: { events: usage, since_last: true }
  days_since_first: { events: usage, since_first: true }
  days_to_contract_end: { days_until: contract_end, fixed: true }
  notice: { contract: days_to_end }
  open_complaints: { tasks: complaint, open: true }
  cancel_page_visits: { events: page.viewed, count: 30 days, where: { page: cancel } }
  answers_180: { messages: answered, within: 180 days }
`);
    expect(target).toEqual({ event: 'contract.ended', within: 30 * dayMs });
    expect(population).toMatch(/^customer/);
    expect(features['failed_payments_90']).toEqual({
      events: 'payment.failed',
      count: 90 * dayMs,
      type: 'number',
      knots: 5,
      logarithm: false,
      monotone: 'rising',
    });
    expect(Object.keys(features).map((name) => wordsOf(features, name))).toEqual([
      'payment failed in 90 days',
      'amount of payment received in 90 days',
      'mean amount of payment received in 1 day',
      'minutes of usage in 30 days compared with 180 days',
      'days since the last usage',
      'days since the first usage',
      'days until contract end',
      'days until the contract ends',
      'open complaint tasks',
      'page viewed (page cancel) in 30 days',
      'messages answered in 180 days',
    ]);
  });

  it.each([
    ['{ events: usage }', 'features.x', 'must say what of the events: one of count, sum, mean, trend, since_last, since_first'],
    ['{ events: usage, count: 90 }', 'features.x.count', '90 has no unit; write 90 days, or in hours or minutes'],
    ['{ events: usage, count: 3 months }', 'features.x.count', 'is not a duration; write 90 days'],
    [
      '{ events: usage, trend: true, within: 30 days, of: 30 days }',
      'features.x.of',
      'must be longer than within, which it is compared with',
    ],
    ['{ tasks: complaint }', 'features.x', 'must say open: true, or within, or both'],
    ['{ messages: read, within: 3 days }', 'features.x.messages', expect.stringContaining('sent')],
    ['{ events: page.viewed, count: 3 days, where: {} }', 'features.x.where', 'must name at least one property'],
    ['3', 'features.x', 'must say what it is, as in { type: number } or { events: usage, count: 30 days }'],
    ['{ type: number, count: 3 days }', 'features.x.events', expect.anything()],
  ])('says where %s is wrong, and what to write', (written, where, what: unknown) => {
    expect(placesOf(valid.replace('tenure: { type: number }', `x: ${written}`))).toContainEqual({ where, what });
  });

  it.each([
    ['a population that is no rule', 'population: customer.contrat == "x"', 'population', expect.stringMatching(/^at 1:1: .*did you mean/)],
    ['a population that ends early', 'population: customer.tenure >', 'population', expect.stringMatching(/^at 1:/)],
    ['an unknown family', 'model: crystal-ball', 'model', expect.stringContaining('boosting')],
    ['a gate that nobody knows', 'gates: { luck: 1 }', 'gates.luck', expect.stringContaining('known are auc')],
    ['cuts without a unit', 'cuts: { every: 30 }', 'cuts.every', '30 has no unit; write 30 days, or in hours or minutes'],
  ])('names the place of %s', (_, line, where, what: unknown) => {
    expect(placesOf(`${valid}${line}\n`)).toContainEqual({ where, what });
  });

  it.each([
    ['churn', 'sum: amount', 'target.sum', 'is an amount, and churn is a likelihood: leave it out'],
    ['clv', 'where: { paid: true }', 'target', 'needs sum: clv is an amount'],
  ])('knows that %s is not an amount or is one', (score, more, where, what) => {
    const yaml = valid
      .replace('churn\n', `${score}\n`)
      .replace('target: churned_before', `target: { event: paid, within: 3 days, ${more} }`);
    expect(placesOf(yaml)).toEqual([{ where, what }]);
  });

  it.each([
    [
      'hazard for a likelihood',
      'score: churn\nmodel: hazard\ntarget: x\nvalue: { margin: 0.3 }',
      [['model', 'hazard gives clv, and this score is churn']],
    ],
    [
      'hazard without what it needs',
      'score: clv\nmodel: hazard',
      [
        ['target', 'is missing, and hazard needs it: target: churned_before'],
        ['value', 'is missing, and hazard needs it: value: { margin: 0.3, discount: 0.1, months: 36 }'],
      ],
    ],
    [
      'pagerank with a target',
      'score: influence\nmodel: pagerank\ntarget: x\nties: { household: { attribute: household } }',
      [['target', 'is not read by pagerank: leave it out']],
    ],
    [
      'best without a target',
      'score: churn\nfeatures: { a: { type: flag } }',
      [['target', 'is missing, and best needs it: target: churned_before']],
    ],
    [
      'best with ties',
      'score: churn\ntarget: x\nfeatures: { a: { type: flag } }\nties: { household: { attribute: h } }',
      [['ties', 'is not read by best: leave it out']],
    ],
  ])('names what does not go together: %s', (_, written, expected) => {
    expect(placesOf(`title: Some\n${written}\n`)).toEqual(expected.map(([where, what]) => ({ where, what })));
  });

  it.each(['clv', 'influence'])('is valid in the shipped file of %s', async (kind) => {
    expect((await readScoreDeclaration(projectFile('config', 'scores', `${kind}.yaml`))).score).toBe(kind);
  });

  it('says what a target can be', () => {
    expect(placesOf(valid.replace('target: churned_before', 'target: { event: contract.ended }'))).toContainEqual({
      where: 'target',
      what: 'must be the name of an attribute, or an event within a horizon, as in { event: contract.ended, within: 30 days }',
    });
  });
});

const dayMs = 86_400_000;

function placesOf(yaml: string): readonly { readonly where: string; readonly what: string }[] {
  try {
    parseScoreDeclaration(yaml);
  } catch (error) {
    if (error instanceof Problem) return error.places;
    throw error;
  }
  throw new Error('The declaration is valid');
}
