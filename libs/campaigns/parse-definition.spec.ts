import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { treatment } from '../../test/harness/definitions.js';
import type { Channel } from '../channels/table.js';
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

function errorsOf(yaml: string, names: Known = known): string[] {
  try {
    parseDefinition(yaml, names);
  } catch (error) {
    if (error instanceof Problem) return error.places.map(({ where, what }) => `${where.replace(/, column \d+/, '')}: ${what}`);
    throw error;
  }
  return [];
}

/** The one error, with its line and column. */
function errorOf(yaml: string): string {
  try {
    parseDefinition(yaml, known);
  } catch (error) {
    if (error instanceof Problem) return error.places.map(({ where, what }) => `${where}: ${what}`).join('\n');
    throw error;
  }
  return 'no error';
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

  const sent = { template: 'save-offer', channel: 'preferred' };

  it('states the purpose of a message that is not marketing', () => {
    const offer = (purpose: string): string => withJourney(`  - offer: { template: save-offer, purpose: ${purpose} }\n`);
    expect(parseDefinition(offer('service'), known).journey.steps['offer']?.spec).toEqual({
      template: 'save-offer',
      channel: 'preferred',
      purpose: 'service',
    });
    expect(errorsOf(offer('servce'))).toEqual([
      'journey[0].offer.purpose (line 6): must be one of marketing, service; did you mean service?',
    ]);
  });

  it('accepts the send step under its old name: derived ids keep that name, and it is stored as send', () => {
    const stepsOf = (name: string) => parseDefinition(withJourney(`  - ${name}: { template: save-offer }\n`), known).journey.steps;
    expect(stepsOf('offer')).toEqual({ offer: { id: 'offer', kind: 'send', spec: sent, ways: {} } });
    expect(stepsOf('send')).toEqual({ send: { id: 'send', kind: 'send', spec: sent, ways: {} } });
  });

  it('is plain JSON: it can be stored, and the engine accepts it', () => {
    const definition = parseDefinition(example, known);
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
    expect(initialState(definition.journey, 0, day).at).toBeNull();
  });

  it('continues after a nested list, by goto, and under explicit ids', () => {
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

  it('is reported with all mistakes at once, each with its place', () => {
    expect(
      errorsOf(`campain: save-at-risk
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
      'holdout (line 4): must be below 100%: nobody would be treated',
      'budget (line 5): 20000 has no currency; write 20000 EUR, or the currency of your customers',
      'window (line 6): must be longer than zero',
      'campain (line 1): is not known here; did you mean campaign?',
      'trigger.score (line 3): must be one of churn, upsell, crosssell, bad_debt, clv, influence; did you mean churn?',
      'audience (line 2): customer has no contrct; did you mean contract?',
      'journey[0].choose.from[0] (line 8): there is no treatment bill-credit-11; did you mean bill-credit-10?',
      'journey[1] (line 9): there is no step kind offr; did you mean offer?',
      'journey[2].await.answer_within (line 10): is not a duration; write it as in 4 days, 36 hours or 10 minutes',
      'journey[2].acepted (line 11): await has no way acepted; did you mean accepted?',
      'journey[2].await.silence[0].offer.template (line 13): there is no template save-ofer; did you mean save-offer?',
      'journey[2].await.silence[0].offer.blocked.exit (line 14): must be one of saved, declined, lapsed, won-back, handed-over, nothing-pays, opted-out, unreachable, recovered, churned',
      'journey[2].await.silence[1].assess (line 15): ends too early: something must follow here',
      'journey[2].await.silence[3] (line 17): stands after an exit and can never be reached',
      'journey[3].small (line 19): branch has no way small; it has big, otherwise',
      'journey[3] (line 18): has no steps for big',
      expect.stringMatching(
        /^journey\[3\]\.branch\.small\.goto \(line 19\): there is no step nowhere to go to; there are choose, await, /,
      ) as unknown as string,
    ]);
  });

  it('is refused if a template has no text for the channels that its step allows', () => {
    const send = (channel: string): string => withJourney(`\n  - offer: { template: save-offer, channel: ${channel} }\n  - exit: lapsed\n`);
    const errors = (channel: string, texts: readonly Channel[]): string[] =>
      errorsOf(send(channel), { ...known, textsOf: (template) => (template === 'save-offer' ? texts : []) });
    for (const channel of ['preferred', 'other', 'email']) expect(errors(channel, ['email', 'sms'])).toEqual([]);
    expect(errors('whatsapp', ['email', 'sms'])).toEqual([
      'journey[0].offer.template (line 6): save-offer has a text for email and sms alone, and this step sends it by whatsapp',
    ]);
    expect(errors('preferred', [])).toEqual(['journey[0].offer.template (line 6): save-offer has a text for no channel']);
    expect(errorsOf(send('whatsapp'))).toEqual([]);
  });

  describe('is refused if a text may be sent without the offer that it shows', () => {
    const needing: Known = {
      ...known,
      needsOf: (template, on) => new Map(template === 'save-offer' && on !== 'sms' ? [['offer', 'offer.title']] : []),
    };
    const choose = '  - choose: { from: [bill-credit-10] }\n';
    const send = '  - offer: { template: save-offer }\n';
    const errorsIn = (led: string, at: string): string =>
      `${at}: save-offer shows {{ offer.title }}, and ${led} without an offer; put - choose: { from: [...] } before it, or send that way to another step`;
    it.each([
      ['no choose', send, errorsIn('the journey begins here', 'journey[0].offer.template (line 6)')],
      ['a choose after it', send + choose, errorsIn('the journey begins here', 'journey[0].offer.template (line 6)')],
      [
        'the way on which choose issued nothing',
        `  - choose: { from: [bill-credit-10] }\n    nothing:\n      - wait: 1 day\n${send}`,
        errorsIn('the journey can reach this step by choose.nothing, choose.nothing.wait', 'journey[1].offer.template (line 9)'),
      ],
      [
        'a branch around it',
        `  - branch: { big: customer.monthly_charge >= 80 }\n    big: { choose: { from: [bill-credit-10] } }\n${send}`,
        errorsIn('the journey can reach this step by branch.otherwise', 'journey[1].offer.template (line 8)'),
      ],
      [
        'a goto behind it',
        `  - branch: { big: customer.monthly_charge >= 80 }\n    big: { goto: offer }\n${choose}${send}`,
        errorsIn('the journey can reach this step by branch.big', 'journey[2].offer.template (line 9)'),
      ],
      [
        'an answer before it',
        `  - await: { answer_within: 1 day }\n    question: { goto: offer }\n    silence:\n      - choose: { from: [bill-credit-10] }\n      - goto: offer\n  - offer: { template: save-offer }\n    id: offer\n`,
        errorsIn('the journey can reach this step by await.question', 'journey[1].offer.template (line 11)'),
      ],
    ])('%s', (_what, journey, error) => expect(errorsOf(withJourney(journey), needing)).toEqual([error]));

    it.each([
      ['a choose on every way', choose + send],
      ['a way out where choose gives nothing', `  - choose: { from: [bill-credit-10] }\n    nothing: { exit: nothing-pays }\n${send}`],
      [
        'a second choose that gives nothing',
        `${choose}${send}  - wait: 1 day\n  - choose: { from: [discount-15] }\n    nothing: { goto: remind }\n  - offer: { template: save-offer }\n    id: remind\n`,
      ],
      ['a text that shows none', '  - offer: { template: save-reminder }\n'],
      ['a channel whose text shows none', '  - offer: { template: save-offer, channel: sms }\n'],
    ])('but not with %s', (_what, journey) => expect(errorsOf(withJourney(journey), needing)).toEqual([]));
  });

  it.each([
    ['  - wait: 1 day\n    id: a\n  - wait: 1 day\n    id: a\n', 'journey[1] (line 8): is the second step with the id a'],
    [
      '  - offer: { template: save-offer }\n    id: a\n  - assess: "true"\n    otherwise: { goto: a }\n',
      'journey[0] (line 6): loops without a wait: a -> assess -> a; put a wait or an await into the loop',
    ],
    [
      '  - await: { answer_within: 1 day }\n    silence: { exit: lapsed }\n  - offer: { template: save-offer }\n',
      'journey[1] (line 8): no step leads to offer',
    ],
    ['  - wait: 1 day\n    offer: { template: save-offer }\n', 'journey[0] (line 6): is wait and offer in one; write a step for each'],
    ['  - wait: 1 day\n    next: { exit: saved }\n', 'journey[0].next (line 7): wait has no way next; nothing leads out of it'],
    ['  - just words\n', 'journey[0] (line 6): is not a step; write it as in - wait: 2 days'],
    ['  - { goto: a, id: b }\n  - wait: 1 day\n    id: a\n', 'journey[0].id (line 6): a goto stands alone in its step'],
    ['  - await: { answer_within: 1 day }\n    silence:\n', 'journey[0].await.silence (line 7): has no steps'],
    ['  - branch: { goto: "true" }\n', 'journey[0].branch.goto (line 6): is a word with another meaning here; choose another label'],
    ['  - wait: 1 day\n    id: constructor\n', 'journey[0].id (line 7): is a word that cannot be an id'],
    ['  - exit: cancelled\n', expect.stringContaining('journey[0].exit (line 6): must be one of saved') as unknown as string],
    ['  - choose: { from: [] }\n', 'journey[0].choose.from (line 6): names no treatment'],
  ])('refuses %j', (journey, error) => {
    expect(errorsOf(withJourney(journey))).toContainEqual(error);
  });

  it('accepts a loop that waits', () => {
    expect(
      errorsOf(withJourney('  - offer: { template: save-offer }\n  - await: { answer_within: 1 day }\n    silence: { goto: offer }\n')),
    ).toEqual([]);
  });

  it.each([
    ['journey: [}', /^line 1: /],
    ['', /^line 1: is not a campaign definition/],
    ['campaign: a\ncampaign: b\n', /^line 2: campaign appears twice; keep one of them/],
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
  ])('refuses the text %j', (yaml, error) => {
    expect(errorsOf(yaml)).toContainEqual(expect.stringMatching(error));
  });

  it('is refused if it contains text that cannot be stored, with its place', () => {
    const yaml = withJourney(`
  - branch: { "b\\u0000g": customer.tenure < 12 }
  - wait: 1 day
    id: "w\\ud800"
`).replace('audience', 'title: "Sa\\0ve"\naudience');
    expect(errorsOf(yaml)).toEqual(
      expect.arrayContaining([
        'title (line 2): contains the control character U+0000',
        'journey[0].branch (line 7): has a name that contains the control character U+0000',
        'journey[1].id (line 9): contains half a character (an unpaired surrogate)',
      ]),
    );
    expect(errorsOf(`${withJourney('  - wait: 1 day\n')}# a \0`)).toEqual(['line 7: contains the control character U+0000']);
  });

  it.each(readdirSync(projectFile('config', 'campaigns')))('%s, which is part of the product, is valid', async (file) => {
    const treatments = (await loadTreatmentFiles(projectFile('config', 'treatments'))).map(({ treatment }) => treatment);
    const templates = readdirSync(projectFile('config', 'templates'));
    const definition = parseDefinition(readFileSync(projectFile('config', 'campaigns', file), 'utf8'), { treatments, templates });
    expect(`${definition.campaign}.yaml`).toBe(file);
  });
});

describe('what people write instead', () => {
  const sound = withJourney('  - choose: { from: [bill-credit-10] }\n  - offer: { template: save-offer }\n');
  /** The definition with one line of its head replaced. */
  const withHead = (line: string): string => {
    const [, name = ''] = /^(\w+)/.exec(line) ?? [];
    const there = new RegExp(`^${name}:.*$`, 'm');
    return there.test(sound) ? sound.replace(there, () => line) : `${line}\n${sound}`;
  };
  it('is not part of the valid definition', () => expect(errorOf(sound)).toBe('no error'));

  it.each([
    ['holdout: 0.2', 'holdout (line 1, column 1): 0.2 is not a percentage; write 20%'],
    ['holdout: 20', 'holdout (line 1, column 1): 20 is not a percentage; write 20%'],
    ['holdout: 20 percent', 'holdout (line 1, column 1): 20 percent is not a percentage; write 20%'],
    ['holdout: 12,5%', 'holdout (line 1, column 1): 12,5% is not a percentage; write 12.5%'],
    ['holdout: 100%', 'holdout (line 1, column 1): must be below 100%: nobody would be treated'],
    ['budget: 20000', 'budget (line 4, column 1): 20000 has no currency; write 20000 EUR, or the currency of your customers'],
    ['budget: €20000', 'budget (line 4, column 1): is not an amount of money; write 20000 EUR'],
    ['budget: 20.000 €', 'budget (line 4, column 1): is not an amount of money; write 20000 EUR'],
    ['budget: EUR 20,000.50', 'budget (line 4, column 1): is not an amount of money; write 20000.50 EUR'],
    ['budget: 20k usd', 'budget (line 4, column 1): is not an amount of money; write 20000 USD'],
    ['budget: 20000 euros', 'budget (line 4, column 1): is not an amount of money; write 20000 EUR'],
    ['window: 30', 'window (line 1, column 1): 30 has no unit; write 30 days, or in hours or minutes'],
    ['window: 30d', 'window (line 1, column 1): is not a duration; write 30 days'],
    ['window: 1 month', 'window (line 1, column 1): is not a duration; write 30 days'],
    ['window: 1.5 days', 'window (line 1, column 1): is not a duration; write 36 hours'],
    ['window: two weeks', 'window (line 1, column 1): is not a duration; write 2 weeks'],
    ['window: 90 seconds', 'window (line 1, column 1): is not a duration; write 2 minutes'],
    ['campaign: Save At_Risk', 'campaign (line 1, column 1): is not a name in lower case with hyphens; write save-at-risk'],
    ['priority: high', 'priority (line 1, column 1): must be a whole number'],
    ['priority: "5"', 'priority (line 1, column 1): must be a whole number; write 5'],
    ['audience: customer.plan = "basic"', 'audience (line 2, column 25): = compares nothing; write =='],
    ['audience: customer.tenure > 3 AND customer.partner', 'audience (line 2, column 31): AND is not known here; write &&'],
    ['audience: customer.tenure > 3 or customer.partner', 'audience (line 2, column 31): or is not known here; write ||'],
    ['audience: NOT customer.partner', 'audience (line 2, column 11): NOT is not known here; write ! before what should not hold'],
    [
      'audience: segment("vip")',
      'audience (line 2, column 11): a condition cannot name a segment; write the rule of the segment itself here',
    ],
    ['audience: customer.plan == “basic”', 'audience (line 2, column 28): “ is a typographic quote; write straight quotes, as in "basic"'],
    ['audience: \'customer.plan = "basic"\'', 'audience (line 2, column 26): = compares nothing; write =='],
    [
      'audience: |\n  customer.tenure > 3\n  and customer.partner',
      'audience (line 2, column 1): at 2:1 of the condition: and is not known here; write &&',
    ],
    ['audience: true', 'audience (line 2, column 1): must be a text; write "true", in quotes'],
    [
      'audience: [customer.tenure > 3, customer.partner]',
      'audience (line 2, column 1): is a list; write one condition, its parts joined by && or ||',
    ],
    [
      'audience: !has(customer.plan) && customer.tenure > 3',
      `line 2, column 11: a text that begins with ! is not a text in YAML; put the whole text into quotes: audience: "!has(customer.plan) && customer.tenure > 3"`,
    ],
    ['audience: && true', 'line 2, column 14: a text that begins with & is not a text in YAML; put the whole text into quotes'],
    ['title: *now', 'line 1, column 8: * refers to a part of the file, and none is called now; put the whole text into quotes'],
    ['title: Save: now', 'line 1, column 8: a colon with a blank after it ends a name; put the whole text into quotes: title: "Save: now"'],
    [
      'audience: customer.plan == "a: b"',
      `line 2, column 11: a colon with a blank after it ends a name; put the whole text into quotes: audience: 'customer.plan == "a: b"'`,
    ],
    ['title: @home', 'line 1, column 8: a text cannot begin with @; put the whole text into quotes: title: "@home"'],
    ['title = x', 'line 1, column 1: a name is followed by a colon and a blank; write title: x'],
    ['title:x', expect.stringContaining('a name is followed by a colon and a blank')],
    ['title: "x', expect.stringContaining('a quote is opened and never closed; write "')],
    ["title: 'it's'", expect.stringContaining('text stands after the closing quote; put the whole text into quotes')],
    ['title: a\ntitle: b', 'line 2, column 1: title appears twice; keep one of them'],
    ['name: save', 'name (line 1, column 1): is not known here; write campaign'],
    ['holduot: 10%', 'holduot (line 1, column 1): is not known here; did you mean holdout?'],
    ['trigger: churn', 'trigger (line 3, column 1): is not a trigger; write { score: churn, rises_above: 0.6, falls_below: 0.51 }'],
    [
      'trigger: score.churn > 60',
      'trigger (line 3, column 1): is not a trigger; write { score: churn, rises_above: 0.6, falls_below: 0.51 }',
    ],
    ['trigger: manual', 'trigger (line 3, column 1): is not a trigger; write { manual: true }'],
    ['trigger: { manual: yes }', 'trigger.manual (line 3, column 12): must be true'],
    ['trigger: { manual: true, score: churn }', expect.stringContaining('is by score and by hand in one')],
    ['trigger: { event: ticket.opened }', expect.stringContaining('there is no trigger by event; write { score: churn')],
    ['trigger: { schedule: daily }', expect.stringContaining('there is no trigger by schedule; write { score: churn')],
    ['trigger: { score: churn, above: 0.6, falls_below: 0.5 }', 'trigger.above (line 3, column 26): is not known here; write rises_above'],
    [
      'trigger: { score: churn, rises_above: 60, falls_below: 50 }',
      'trigger.rises_above (line 3, column 26): a churn score is a likelihood from 0 to 1, so it never rises above 60; write 0.6',
    ],
    [
      'trigger: { score: churn, rises_above: 60%, falls_below: 0.5 }',
      'trigger.rises_above (line 3, column 26): must be a number; write 0.6',
    ],
    ['trigger: { score: churn, rises_above: 0,6, falls_below: 0.5 }', expect.stringContaining('trigger')],
    ['trigger: { score: churn rises_above: 0.5 }', 'line 3, column 19: a comma is missing between the parts in { }'],
    ['trigger: { score: churn, rises_above: 0.5', expect.stringContaining('{ is opened above and never closed; write }')],
    ['trigger:\n  score: churn\n   rises_above: 0.5', expect.stringContaining('line 4, column 10: the indentation does not fit')],
    ['trigger:\n\tscore: churn', 'line 4, column 1: begins with a tab; indent with blanks, two for each level'],
    ['title: a\n---\ncampaign: b', expect.stringContaining('a file contains one campaign')],
  ] as [string, string][])('in the head: %j', (line, error) => expect(errorOf(withHead(line))).toEqual(error));

  it.each([
    ['  - choose: { from: bill-credit-10 }', 'journey[0].choose.from (line 6, column 15): must be a list; write [bill-credit-10]'],
    [
      '  - choose: bill-credit-10',
      expect.stringContaining('journey[0].choose (line 6, column 5): must be a mapping; write it as in choose: { from:'),
    ],
    ['  - choose: [bill-credit-10]', expect.stringContaining('must be a mapping; write it as in choose: { from:')],
    ['  - offer: save-offer', expect.stringContaining('must be a mapping; write it as in send: { template: save-offer')],
    [
      '  - message: { template: save-offer }',
      'journey[0] (line 6, column 5): there is no step kind message; write send: { template: save-offer, channel: preferred }',
    ],
    ['  - await: 4 days', expect.stringContaining('must be a mapping; write it as in await: { answer_within: 4 days }')],
    ['  - await: { answer_within: 4d }', 'journey[0].await.answer_within (line 6, column 14): is not a duration; write 4 days'],
    ['  - wait: 2', 'journey[0].wait (line 6, column 5): 2 has no unit; write 2 days, or in hours or minutes'],
    ['  - wait:', expect.stringContaining('is not a duration; write it as in 4 days')],
    ['  - wait 2 days', 'journey[0] (line 6, column 5): is not a step; write wait: 2 days'],
    ['  - delay: 2 days', 'journey[0] (line 6, column 5): there is no step kind delay; write wait: 2 days'],
    ['  - saved', 'journey[0] (line 6, column 5): is not a step; write { exit: saved }'],
    ['  -wait: 2 days', 'journey (line 5, column 1): there is no step kind -wait; a hyphen is followed by a blank: write - wait'],
    [
      '  - branch: { big: customer.plan in ["a", "b"] }',
      expect.stringContaining('is put into quotes as a whole; or write one name a line'),
    ],
    [
      '  - await: { answer_within: 4 days }\n    accepted: saved',
      'journey[0].await.accepted (line 7, column 5): is not a step; write { exit: saved }',
    ],
    ['  - await: { answer_within: 4 days }\n   accepted: { exit: saved }', expect.stringContaining('the indentation does not fit')],
    ['  - wait: 2 days\n - wait: 3 days', expect.stringContaining('the indentation does not fit')],
    ['\t- wait: 2 days', 'line 6, column 1: begins with a tab; indent with blanks, two for each level'],
    ['  - exit: Saved', expect.stringContaining('did you mean saved?')],
    ['  - exit: bought', expect.stringContaining('must be one of saved, declined')],
    ['  - assess: customer.plan = "a"', 'journey[0].assess (line 6, column 27): = compares nothing; write =='],
    ['  - wait: 2 days\n    id: Last Wait', expect.stringContaining('is not an id in lower case with hyphens and dots')],
    ['  - wait: 2 days\n  - goto: wiat', 'journey[1].goto (line 7, column 5): there is no step wiat to go to; did you mean wait?'],
  ] as [string, string][])('in the journey: %j', (journey, error) => {
    const [first = ''] = errorOf(withJourney(`${journey}\n`)).split('\n');
    expect(first).toEqual(error);
  });

  it('is reported where the journey is missing', () => {
    expect(errorOf(head.replace('journey:\n', ''))).toBe(
      'journey (line 1, column 1): has no steps; write journey: and below it, each with a hyphen before it, steps such as - wait: 2 days',
    );
  });
});

describe('what can never happen', () => {
  const choose = '  - choose: { from: [bill-credit-10] }\n';
  const terms = [treatment(), treatment({ treatment: 'discount-15', cost: { percentOfMonthlyCharge: 15, months: 3 } })];
  const errorsIn = (yaml: string): string[] => errorsOf(yaml, { ...known, terms });
  it.each([
    ['audience: score.churn > 50', 'audience (line 2): is never true: score.churn is from 0 to 1, so it is never above 50; write 0.5'],
    [
      'audience: customer.tenure > 5 && customer.tenure < 3',
      'audience (line 2): is never true: customer.tenure cannot be above 5 and below 3 at once',
    ],
    ['goal: score.churn > 1', 'goal (line 1): is never true: score.churn is from 0 to 1, so it is never above 1'],
    ['goal: "true"', 'goal (line 1): is true for everybody, so every journey would end as saved at once'],
    [
      'audience: score.churn < 0.5',
      'trigger (line 3): enrols nobody in the audience: score.churn cannot be below 0.5 and above 0.6 at once',
    ],
    ['budget: 11.99 EUR', 'journey[0].choose.from (line 6): the budget pays for none of these: bill-credit-10 costs 12 EUR'],
    ['budget: 20000 USD', 'journey[0].choose.from (line 6): the budget pays for none of these: bill-credit-10 costs 12 EUR'],
  ])('in the head: %s', (line, error) => {
    const [, name = ''] = /^(\w+)/.exec(line) ?? [];
    const there = new RegExp(`^${name}:.*$`, 'm');
    const yaml = withJourney(choose);
    expect(errorsIn(there.test(yaml) ? yaml.replace(there, () => line) : `${line}\n${yaml}`)).toEqual([error]);
  });
  it.each([
    [
      '  - assess: score.churn > 40\n',
      'journey[0].assess (line 6): is never true: score.churn is from 0 to 1, so it is never above 40; write 0.4',
    ],
    [
      '  - branch: { big: customer.tenure < 0 }\n    big: { exit: lapsed }\n',
      'journey[0].branch.big (line 6): is never true: customer.tenure is never below 0, so it is never below 0',
    ],
    [
      '  - await: { answer_within: 40 days }\n',
      'journey[0] (line 6): takes 40 days, and the window ends after 30 days; write window: 40 days or more, or wait for less',
    ],
    [
      '  - wait: 5 weeks\n',
      'journey[0] (line 6): takes 35 days, and the window ends after 30 days; write window: 35 days or more, or wait for less',
    ],
    [
      '  - wait: 20 days\n  - await: { answer_within: 10 days }\n    silence: { exit: lapsed }\n',
      'journey[1].await.silence (line 8): is never reached: it comes after 30 days at the earliest, and the window of 30 days has ended then',
    ],
  ])('in the journey: %j', (journey, error) => expect(errorsIn(withJourney(journey))).toEqual([error]));

  it('is not reported for what may happen', () => {
    expect(errorsIn(withJourney('  - choose: { from: [bill-credit-10, discount-15] }\n').replace('20000 EUR', '5 EUR'))).toEqual([]);
    expect(errorsIn(withJourney('  - await: { answer_within: 30 days }\n    accepted: { wait: 2 days }\n'))).toEqual([]);
  });
});

describe('a definition of any size', () => {
  const lines = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  it.each([
    ['50,000 unknown keys', head + '  - wait: 1 day\n' + lines(50_000, (n) => `k${String(n)}: 1`)],
    ['5,000 unknown keys', head + '  - wait: 1 day\n' + lines(5_000, (n) => `k${String(n)}: 1`)],
    ['5,000 times the same key', lines(5_000, () => 'title: x')],
    ['10,000 steps', head + lines(10_000, () => '  - wait: 1 day')],
    ['3,000 steps', head + lines(3_000, () => '  - wait: 1 day')],
    ['3,000 unknown steps', head + lines(3_000, (n) => `  - step${String(n)}: 1`)],
    ['a step with 5,000 ways', head + '  - wait: 1 day\n' + lines(5_000, (n) => `    w${String(n)}: { exit: saved }`)],
    ['a branch of 1,500 conditions', `${head}  - branch: { ${lines(1_500, (n) => `b${String(n)}: customer.partner,`)} }`],
    ['5,000 treatments', `${head}  - choose: { from: [${lines(5_000, (n) => `t${String(n)},`)}] }`],
    ['lists within each other', `title: ${'['.repeat(55_000)}`],
    ['mappings within each other', `title: ${'{a: '.repeat(14_000)}`],
    ['blocks within each other', lines(300, (n) => `${' '.repeat(n)}a:`)],
    [
      'steps within each other',
      head + lines(90, (n) => `${'  '.repeat(2 * n + 1)}- await: { answer_within: 1 day }\n${'  '.repeat(2 * n + 2)}silence:`),
    ],
    ['a megabyte of one word', `title: ${'a'.repeat(1_000_000)}`],
    ['a name of 55,000 letters', `${'a'.repeat(55_000)}: 1`],
    [
      'aliases of aliases',
      lines(
        20,
        (n) =>
          `a${String(n)}: &a${String(n)} [${
            n === 0
              ? '1'
              : Array(10)
                  .fill(`*a${String(n - 1)}`)
                  .join(', ')
          }]`,
      ),
    ],
    ['3,000 aliases of nothing', lines(3_000, (n) => `a${String(n)}: *b${String(n)}`)],
    ['3,000 errors of YAML', lines(3_000, () => '\ta: @b')],
    ['55,000 colons', `title: ${': '.repeat(27_000)}`],
    ['55,000 quotes', `title: ${'"'.repeat(55_000)}`],
    ['a condition of 55,000 letters', `audience: ${'a'.repeat(55_000)}`],
  ])('is read in bounded time: %s', (_what, yaml) => {
    const { user: before } = process.cpuUsage();
    const errors = errorsOf(yaml);
    expect(process.cpuUsage().user - before).toBeLessThan(3_000_000);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThanOrEqual(101);
    expect(errors.join('\n').length).toBeLessThan(50_000);
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
