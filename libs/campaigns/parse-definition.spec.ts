import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Channel } from '../customers/contact-point.entity.js';
import { initialState } from '../journeys/engine.js';
import { projectFile } from '../platform/project-file.js';
import { Problem } from '../platform/problem.js';
import { loadTreatmentFiles } from '../treatments/treatments.js';
import type { CampaignDefinition } from './definition.js';
import { definitionJsonSchema } from './definition-schema.js';
import { parseDefinition } from './parse-definition.js';
import type { Known } from './read-steps.js';
import { parse } from 'yaml';

const day = 86_400_000;
const known = { treatments: ['bill-credit-10', 'discount-15', 'free-upgrade'], templates: ['save-offer', 'save-reminder'] };

const head = `campaign: save-at-risk
audience: customer.contract == "month-to-month" && customer.tenure >= 3
trigger: { score: churn, rises_above: 0.60, falls_below: 0.50 }
budget: 20000 EUR
journey:
`;
/** A definition whose journey begins on line 6. */
const withJourney = (journey: string): string => head + journey.replace(/^\n/, '');

const example = `campaign: save-at-risk
goal: customer.status == "renewed"                     # leaves the journey from anywhere, as saved
audience: customer.contract == "month-to-month" && customer.tenure >= 3
trigger: { score: churn, rises_above: 0.60, falls_below: 0.50 }
holdout: 10%
budget: 20000 EUR
journey:
  - choose: { from: [bill-credit-10, discount-15, free-upgrade] }
  - offer: { template: save-offer, channel: preferred }
  - await: { answer_within: 4 days }
    accepted: { exit: saved }
    declined: { exit: declined }
    question: { exit: handed-over }
    silence:
      - offer: { template: save-reminder, channel: other }
      - await: { answer_within: 6 days }
        accepted: { exit: saved }
        otherwise: { exit: lapsed }
`;

function faultsOf(yaml: string, names: Known = known): string[] {
  try {
    parseDefinition(yaml, names);
  } catch (error) {
    if (error instanceof Problem) return error.places.map(({ where, what }) => `${where}: ${what}`);
    throw error;
  }
  return [];
}

const waysOf = (definition: CampaignDefinition): Record<string, Readonly<Record<string, string>>> =>
  Object.fromEntries(Object.values(definition.journey.steps).map((step) => [step.id, step.ways]));

describe('a campaign definition', () => {
  it('is read as a marketer writes it', () => {
    const definition = parseDefinition(example, known);
    expect(definition).toMatchObject({
      campaign: 'save-at-risk',
      title: 'Save at risk',
      goal: 'customer.status == "renewed"',
      trigger: { kind: 'score', score: 'churn', risesAbove: 0.6, fallsBelow: 0.5 },
      holdout: 0.1,
      budget: { minor: 2_000_000, currency: 'EUR' },
      windowMs: 30 * day,
    });
    expect(definition.journey.first).toBe('choose');
    expect(waysOf(definition)).toEqual({
      choose: { next: 'offer' },
      offer: { next: 'await' },
      await: {
        accepted: 'await.accepted.exit',
        declined: 'await.declined.exit',
        question: 'await.question.exit',
        silence: 'await.silence.offer',
      },
      'await.accepted.exit': {},
      'await.declined.exit': {},
      'await.question.exit': {},
      'await.silence.offer': { next: 'await.silence.await' },
      'await.silence.await': { accepted: 'await.silence.await.accepted.exit', otherwise: 'await.silence.await.otherwise.exit' },
      'await.silence.await.accepted.exit': {},
      'await.silence.await.otherwise.exit': {},
    });
    expect(definition.journey.steps['await']?.spec).toEqual({ answerWithinMs: 4 * day });
    expect(definition.journey.steps['offer']?.spec).toEqual({ template: 'save-offer', channel: 'preferred' });
  });

  it('says what a message is for, where it is not marketing', () => {
    const offer = (purpose: string): string => withJourney(`  - offer: { template: save-offer, purpose: ${purpose} }\n`);
    expect(parseDefinition(offer('service'), known).journey.steps['offer']?.spec).toEqual({
      template: 'save-offer',
      channel: 'preferred',
      purpose: 'service',
    });
    expect(faultsOf(offer('servce'))).toEqual(['journey[0].offer.purpose (line 6): is none of marketing, service; did you mean service?']);
  });

  it('survives the database: plain JSON, and the engine takes it', () => {
    const definition = parseDefinition(example, known);
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
    expect(initialState(definition.journey, 0, day).at).toBeNull();
  });

  it('goes on after a nested list, by goto, and under explicit ids', () => {
    const definition = parseDefinition(
      withJourney(`
  - branch: { big: customer.monthly_charge >= 80, new: customer.tenure < 12 }
    id: size
    big: [{ wait: 2 days }]
    new: { goto: last }
  - wait: 36 hours
  - offer: { template: save-offer }
    blocked: { goto: size.big.wait }
  - wait: 10 minutes
    id: last
`),
      known,
    );
    expect(waysOf(definition)).toEqual({
      size: { big: 'size.big.wait', new: 'last', otherwise: 'wait' },
      'size.big.wait': { next: 'wait' },
      wait: { next: 'offer' },
      offer: { next: 'last', blocked: 'size.big.wait' },
      last: {},
    });
    expect(definition.journey.steps['size']?.spec).toEqual({
      rules: [
        { label: 'big', rule: 'customer.monthly_charge >= 80' },
        { label: 'new', rule: 'customer.tenure < 12' },
      ],
    });
    expect(definition.journey.steps['last']?.spec).toEqual({ forMs: 600_000 });
  });

  it('numbers steps of one kind in one list', () => {
    const definition = parseDefinition(withJourney('  - wait: 1 day\n  - wait: 1 day\n  - wait: 1 day\n'), known);
    expect(Object.keys(definition.journey.steps)).toEqual(['wait', 'wait-2', 'wait-3']);
  });

  it('may be enrolled by hand only', () => {
    const definition = parseDefinition(example.replace(/trigger: .*/, 'trigger: { manual: true }'), known);
    expect(definition.trigger).toEqual({ kind: 'manual' });
  });

  it('is told of every mistake at once, with its place', () => {
    expect(
      faultsOf(`campain: save-at-risk
audience: customer.contrct == "month-to-month"
trigger: { score: chrun, rises_above: 0.5, falls_below: 0.6 }
holdout: 100%
budget: 20000
window: 0 days
journey:
  - choose: { from: [bill-credit-11] }
  - offr: { template: save-offer }
  - await: { answer_within: -4 days }
    acepted: { exit: saved }
    silence:
      - offer: { template: save-ofer }
        blocked: { exit: gone }
      - assess: customer.tenure >
      - exit: lapsed
      - wait: 1 day
  - branch: { big: customer.monthly_charge > 80 }
    small: { goto: nowhere }
`),
    ).toEqual([
      'campaign (line 1): is missing',
      'trigger.score (line 3): is none of churn, upsell, crosssell, bad_debt, clv, influence; did you mean churn?',
      'holdout (line 4): must be below 100%',
      'budget (line 5): must be a text',
      'window (line 6): must be longer than nothing',
      'campain (line 1): is not known here; did you mean campaign?',
      'audience (line 2): 1:1 customer has no contrct; did you mean contract?',
      'journey[0].choose.from[0] (line 8): there is no treatment bill-credit-11; did you mean bill-credit-10?',
      'journey[1] (line 9): there is no step kind offr; did you mean offer?',
      'journey[2].await.answer_within (line 10): is not a duration; write it as in 4 days, 36 hours or 10 minutes',
      'journey[2].acepted (line 11): await has no way acepted; did you mean accepted?',
      'journey[2].await.silence[0].offer.template (line 13): there is no template save-ofer; did you mean save-offer?',
      'journey[2].await.silence[0].offer.blocked.exit (line 14): is none of saved, declined, lapsed, won-back, handed-over, nothing-pays, opted-out, unreachable, recovered, left',
      'journey[2].await.silence[1].assess (line 15): 1:18 Unexpected token: EOF',
      'journey[2].await.silence[3] (line 17): stands after an exit and can never be reached',
      'journey[3].small (line 19): branch has no way small',
      'journey[3] (line 18): has no steps for big',
      expect.stringMatching(
        /^journey\[3\]\.branch\.small\.goto \(line 19\): there is no step nowhere to go to; there are choose, await, /,
      ) as unknown as string,
    ]);
  });

  it('is refused where a template has no text for the channels that its step allows', () => {
    const send = (channel: string): string => withJourney(`\n  - offer: { template: save-offer, channel: ${channel} }\n  - exit: lapsed\n`);
    const faults = (channel: string, texts: readonly Channel[]): string[] =>
      faultsOf(send(channel), { ...known, textsOf: (template) => (template === 'save-offer' ? texts : []) });
    for (const channel of ['preferred', 'other', 'email']) expect(faults(channel, ['email', 'sms'])).toEqual([]);
    expect(faults('whatsapp', ['email', 'sms'])).toEqual([
      'journey[0].offer.template (line 6): save-offer has a text for email and sms alone, and this step sends it by whatsapp',
    ]);
    expect(faults('preferred', [])).toEqual(['journey[0].offer.template (line 6): save-offer has a text for no channel']);
    expect(faultsOf(send('whatsapp'))).toEqual([]);
  });

  it.each([
    ['  - wait: 1 day\n    id: a\n  - wait: 1 day\n    id: a\n', 'journey[1] (line 8): is the second step with the id a'],
    [
      '  - offer: { template: save-offer }\n    id: a\n  - assess: "true"\n    otherwise: { goto: a }\n',
      'journey[0] (line 6): goes round without waiting: a -> assess -> a; put a wait or an await into the round',
    ],
    [
      '  - await: { answer_within: 1 day }\n    silence: { exit: lapsed }\n  - offer: { template: save-offer }\n',
      'journey[1] (line 8): no way leads to offer',
    ],
    ['  - wait: 1 day\n    offer: { template: save-offer }\n', 'journey[0] (line 6): is wait and offer in one; write a step for each'],
    ['  - wait: 1 day\n    next: { exit: saved }\n', 'journey[0].next (line 7): wait has no way next'],
    ['  - just words\n', 'journey[0] (line 6): is not a step; write it as in - wait: 2 days'],
    ['  - { goto: a, id: b }\n  - wait: 1 day\n    id: a\n', 'journey[0].id (line 6): a goto has nothing beside it'],
    ['  - await: { answer_within: 1 day }\n    silence:\n', 'journey[0].await.silence (line 7): has no steps'],
    ['  - branch: { goto: "true" }\n', 'journey[0].branch.goto (line 6): is a word with another meaning here; choose another label'],
    ['  - wait: 1 day\n    id: constructor\n', 'journey[0].id (line 7): is a word that cannot be an id'],
    ['  - exit: cancelled\n', expect.stringContaining('journey[0].exit (line 6): is none of saved') as unknown as string],
    ['  - choose: { from: [] }\n', 'journey[0].choose.from (line 6): names no treatment'],
  ])('refuses %j', (journey, fault) => {
    expect(faultsOf(withJourney(journey))).toContainEqual(fault);
  });

  it('lets a round pass that waits', () => {
    expect(
      faultsOf(withJourney('  - offer: { template: save-offer }\n  - await: { answer_within: 1 day }\n    silence: { goto: offer }\n')),
    ).toEqual([]);
  });

  it.each([
    ['journey: [}', /^line 1: /],
    ['', /^line 1: is not a campaign definition/],
    ['campaign: a\ncampaign: b\n', /^line 2: Map keys must be unique/],
    ['- a', /is not a campaign definition/],
    [head.replace('journey:\n', ''), /^journey \(line \d\): has no steps/],
    [`${head}  []`, /^journey \(line 5\): has no steps/],
    [
      withJourney('  - wait: 1 day\n').replace('falls_below: 0.50', 'falls_below: 0.7'),
      /^trigger\.falls_below \(line 3\): must not be above rises_above/,
    ],
    [
      withJourney('  - wait: 1 day\n').replace('rises_above: 0.60', 'rises_abov: 0.6'),
      /trigger\.rises_abov \(line 3\): is not known here; did you mean rises_above\?/,
    ],
  ])('refuses the text %j', (yaml, fault) => {
    expect(faultsOf(yaml)).toContainEqual(expect.stringMatching(fault));
  });

  it('is refused where it holds what cannot be stored, with its place', () => {
    const yaml = withJourney(`
  - branch: { "b\\u0000g": customer.tenure < 12 }
  - wait: 1 day
    id: "w\\ud800"
`).replace('audience', 'title: "Sa\\0ve"\naudience');
    expect(faultsOf(yaml)).toEqual(
      expect.arrayContaining([
        'title (line 2): holds U+0000 or half a character',
        'journey[0].branch (line 7): holds U+0000 or half a character',
        'journey[1].id (line 9): holds U+0000 or half a character',
      ]),
    );
    expect(faultsOf(`${withJourney('  - wait: 1 day\n')}# a \0`)).toEqual(['line 7: holds U+0000 or half a character']);
  });

  it.each(readdirSync(projectFile('config', 'campaigns')))('%s, which ships, is sound', async (file) => {
    const treatments = (await loadTreatmentFiles(projectFile('config', 'treatments'))).map(({ treatment }) => treatment);
    const templates = readdirSync(projectFile('config', 'templates'));
    const definition = parseDefinition(readFileSync(projectFile('config', 'campaigns', file), 'utf8'), { treatments, templates });
    expect(`${definition.campaign}.yaml`).toBe(file);
  });
});

describe('the JSON Schema for editors', () => {
  const schema = z.fromJSONSchema(definitionJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);

  it('takes what the parser takes', () => {
    for (const yaml of [example, readFileSync(projectFile('config', 'campaigns', 'save-at-risk.yaml'), 'utf8')]) {
      expect(schema.safeParse(parse(yaml)).error).toBeUndefined();
    }
  });

  it.each([
    ['an unknown step', (yaml: string) => yaml.replace('- choose:', '- chose:')],
    ['an unknown way', (yaml: string) => yaml.replace('declined:', 'refused:')],
    ['a wrong duration', (yaml: string) => yaml.replace('4 days', '4 moons')],
    ['an unknown field', (yaml: string) => yaml.replace('budget:', 'budgets:')],
  ])('refuses %s', (_what, spoil) => {
    expect(schema.safeParse(parse(spoil(example))).success).toBe(false);
  });
});
