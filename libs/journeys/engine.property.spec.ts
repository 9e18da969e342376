import fc from 'fast-check';
import { isEngineEffect, type EffectResult, type JourneyEffect, type JourneyInput } from './effects.js';
import { advance, initialState, type JourneyState } from './engine.js';
import type { GraphStep, JourneyGraph } from './graph.js';
import type { Answer } from './answers/table.js';
import type { JourneySignal } from './journey-signal.js';
import { stepKinds } from './steps/table.js';

const hour = 3_600_000;
const day = 24 * hour;
const windowEndsAt = 10 * day;

const waysOf: Readonly<Record<string, readonly string[]>> = {
  assess: ['next', 'otherwise'],
  choose: ['next', 'nothing'],
  send: ['next', 'blocked'],
  await: ['accepted', 'declined', 'question', 'complaint', 'opt-out', 'silence', 'otherwise', 'next'],
  branch: ['a', 'b', 'otherwise'],
  wait: ['next'],
  exit: [],
};
const specOf: Readonly<Record<string, unknown>> = {
  assess: { rule: 'true' },
  choose: { from: ['credit'] },
  send: { template: 'save-offer', channel: 'preferred' },
  await: { answerWithinMs: 3 * day },
  branch: {
    rules: [
      { label: 'a', rule: 'true' },
      { label: 'b', rule: 'true' },
    ],
  },
  wait: { forMs: day },
  exit: { outcome: 'won-back' },
};
const kinds = stepKinds.names;

/** Steps s0, s1, ...: ways lead forward, and from `await` and `wait` also back, as the compiler requires. */
const graphs = (answerWays: boolean): fc.Arbitrary<JourneyGraph> =>
  fc
    .array(fc.record({ kind: fc.constantFrom(...kinds), ways: fc.array(fc.option(fc.nat(19)), { minLength: 8, maxLength: 8 }) }), {
      minLength: 1,
      maxLength: 12,
    })
    .map((drawn) => {
      const list = drawn.map(({ kind, ways }, index): GraphStep => {
        const labels = answerWays || kind !== 'await' ? (waysOf[kind] ?? []) : ['silence'];
        const targets = labels.flatMap((label, at): [string, string][] => {
          const way = ways[at] ?? null;
          const mayGoBack = kind === 'await' || kind === 'wait';
          const lowest = mayGoBack ? 0 : index + 1;
          return way === null || lowest >= drawn.length ? [] : [[label, `s${String(lowest + (way % (drawn.length - lowest)))}`]];
        });
        return { id: `s${String(index)}`, kind, spec: specOf[kind], ways: Object.fromEntries(targets) };
      });
      return { first: 's0', steps: Object.fromEntries(list.map((step) => [step.id, step])) };
    });

const answers: readonly Answer[] = ['accepted', 'declined', 'question', 'complaint', 'opt-out'];
const ids = fc.nat(20).map(String);
const signals: fc.Arbitrary<JourneySignal> = fc.oneof(
  fc.record({ kind: fc.constant('response' as const), answer: fc.constantFrom(...answers), responseId: ids }),
  fc.record({
    kind: fc.constant('message-failed' as const),
    messageId: ids,
    channel: fc.constantFrom('email', 'sms'),
    why: fc.constantFrom('rejected' as const, 'bounced' as const, 'late' as const),
  }),
  fc.constant({ kind: 'customer-changed' as const }),
);
const results: fc.Arbitrary<EffectResult> = fc.oneof(
  fc.record({ kind: fc.constant('assessed' as const), holds: fc.boolean() }),
  fc.record({ kind: fc.constant('chosen' as const), treatment: fc.option(fc.constant('credit')) }),
  fc.record({ kind: fc.constant('planned' as const), channel: fc.constantFrom('email', 'sms'), messageId: ids }),
  fc.record({ kind: fc.constant('deferred' as const), until: fc.nat(12 * day), reason: fc.constant('cap') }),
  fc.record({ kind: fc.constant('blocked' as const), reason: fc.constant('no-consent') }),
  fc.record({ kind: fc.constant('branched' as const), label: fc.constantFrom('a', 'b', 'otherwise') }),
  fc.record({ kind: fc.constant('goal-checked' as const), reached: fc.boolean(), left: fc.boolean() }),
  fc.constant({ kind: 'parked' as const }),
  fc.constant({ kind: 'closed' as const }),
  fc.constant({ kind: 'paused' as const }),
);
const inputs: fc.Arbitrary<JourneyInput> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('performed' as const), result: results }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('signalled' as const), signal: signals }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'elapsed' as const }) },
  { weight: 1, arbitrary: fc.constantFrom<JourneyInput>({ kind: 'resumed' }, { kind: 'started' }, { kind: 'cancelled' }) },
);

const sameJson = (state: JourneyState): JourneyState => JSON.parse(JSON.stringify(state)) as JourneyState;

/** What a shell returns for an effect; `taste` picks one of the possible results. */
function answerTo(effect: JourneyEffect, taste: number, now: number): EffectResult {
  switch (effect.kind) {
    case 'assess':
      return { kind: 'assessed', holds: taste % 4 !== 0 };
    case 'choose':
      return { kind: 'chosen', treatment: taste % 4 === 0 ? null : 'credit' };
    case 'send':
      if (taste % 4 === 0) return { kind: 'blocked', reason: 'no-consent' };
      if (taste % 4 === 1) return { kind: 'deferred', until: now + hour, reason: 'quiet-hours' };
      return { kind: 'planned', channel: 'email', messageId: `${effect.step}-${String(effect.occurrence)}` };
    case 'branch':
      return { kind: 'branched', label: ['a', 'b', 'otherwise'][taste % 3] ?? 'otherwise' };
    case 'check-goal':
      return { kind: 'goal-checked', reached: taste % 5 === 0, churned: taste % 5 === 1 };
    case 'park':
      return { kind: 'parked' };
    case 'close':
      return { kind: 'closed' };
    default:
      throw new Error(`Nobody performs ${effect.kind}`);
  }
}

interface Ride {
  readonly outcome: string | null;
  readonly effects: readonly JourneyEffect[];
  readonly path: readonly string[];
}

/**
 * A shell that performs every effect until the journey is closed. The n-th taste picks the result of the n-th effect. The n-th
 * interruption, if any, comes while the n-th effect is outstanding. `pausedAt` says before which effects the campaign is paused.
 */
function ride(
  graph: JourneyGraph,
  tastes: readonly number[],
  interruptions: readonly (JourneySignal | null)[],
  pausedAt: readonly boolean[],
): Ride {
  let state = initialState(graph, 0, windowEndsAt);
  let now = 0;
  const asked: JourneyEffect[] = [];
  const path = new Map<number, string>();
  const take = (input: JourneyInput): readonly JourneyEffect[] => {
    const turn = advance(graph, sameJson(state), input, now);
    state = turn.state;
    for (const visit of turn.visits) path.set(visit.ordinal, `${visit.step}@${String(visit.at)}:${visit.label ?? ''}`);
    return turn.effects;
  };
  let [effect] = take({ kind: 'started' });
  for (let turn = 0; effect !== undefined; turn += 1) {
    if (turn > 2_000) throw new Error('The journey does not end');
    asked.push(effect);
    const interruption = interruptions[turn] ?? null;
    if (isEngineEffect(effect) && effect.kind === 'park') {
      if (interruption !== null) {
        const [interrupted] = take({ kind: 'signalled', signal: interruption });
        if (interrupted !== undefined) {
          effect = interrupted;
          continue;
        }
      }
      now = Math.max(now, effect.until);
      [effect] = take({ kind: 'elapsed' });
      continue;
    }
    if (interruption !== null) expect(take({ kind: 'signalled', signal: interruption })).toEqual([]);
    if (pausedAt[turn] === true) {
      expect(take({ kind: 'performed', result: { kind: 'paused' } })).toEqual([]);
      expect(take({ kind: 'elapsed' })).toEqual([]);
      expect(take({ kind: 'resumed' })).toEqual([effect]);
    }
    [effect] = take({ kind: 'performed', result: answerTo(effect, tastes[turn] ?? 2, now) });
  }
  return { outcome: state.outcome, effects: asked, path: [...path.values()] };
}

const tastes = fc.array(fc.nat(60), { maxLength: 40 });
const interruptions = fc.array(fc.option(signals, { freq: 2 }), { maxLength: 40 });

describe('the journey engine, for any graph and any input', () => {
  it('never throws, never has two outstanding effects, closes once and requests nothing afterwards', () => {
    fc.assert(
      fc.property(graphs(true), fc.array(fc.tuple(inputs, fc.nat(day)), { maxLength: 60 }), (graph, events) => {
        let state = initialState(graph, 0, windowEndsAt);
        let now = 0;
        let closes = 0;
        for (const [input, passes] of [[{ kind: 'started' }, 0] as const, ...events]) {
          now += passes;
          const before = state;
          const turn = advance(graph, sameJson(before), input, now);
          state = turn.state;
          expect(sameJson(state)).toEqual(state);
          expect(turn.effects.length).toBeLessThanOrEqual(1);
          const [effect] = turn.effects;
          const inHand = before.outstanding !== null && !before.paused;
          if (effect !== undefined && inHand) expect(input.kind).toBe('performed');
          if (effect?.kind === 'close') closes += input.kind === 'resumed' && before.outcome !== null ? 0 : 1;
          if (before.outcome !== null) {
            expect(state.outcome).toBe(before.outcome);
            if (effect !== undefined) expect(effect.kind).toBe('close');
          }
          if (before.outcome !== null && before.outstanding === null) expect(turn).toEqual({ state: before, effects: [], visits: [] });
          expect(state.outcome !== null).toBe(closes === 1);
          expect(state.inbox.queue.length).toBeLessThanOrEqual(14);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends, and leaves no visit open', () => {
    fc.assert(
      fc.property(graphs(true), tastes, interruptions, (graph, taste, interrupted) => {
        const { outcome, effects, path } = ride(graph, taste, interrupted, []);
        expect(outcome).not.toBeNull();
        expect(effects.filter((effect) => effect.kind === 'close')).toHaveLength(1);
        expect(path.filter((visit) => visit.endsWith(':'))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('requests each step and occurrence once', () => {
    fc.assert(
      fc.property(graphs(true), tastes, interruptions, (graph, taste, interrupted) => {
        const names = ride(graph, taste, interrupted, []).effects.flatMap((effect) =>
          'occurrence' in effect ? [`${effect.step} ${String(effect.occurrence)}`] : [],
        );
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });

  it('loses nothing when the campaign is paused and resumed at any effect', () => {
    fc.assert(
      fc.property(graphs(true), tastes, fc.array(fc.boolean(), { maxLength: 40 }), (graph, taste, paused) => {
        expect(ride(graph, taste, [], paused)).toEqual(ride(graph, taste, [], []));
      }),
      { numRuns: 300 },
    );
  });

  it('ends as saved if the first answer is accepted and no way leads elsewhere', () => {
    const accepted: JourneySignal = { kind: 'response', answer: 'accepted', responseId: 'r1' };
    fc.assert(
      fc.property(graphs(false), tastes, fc.nat(12), (graph, taste, when) => {
        const plain = ride(graph, taste, [], []);
        fc.pre(plain.effects.length > 1); // its last effect is the close, which is too late
        const at = when % (plain.effects.length - 1);
        const interrupted = Array.from({ length: at + 1 }, (_, turn) => (turn === at ? accepted : null));
        expect(ride(graph, taste, interrupted, []).outcome).toBe('saved');
      }),
      { numRuns: 300 },
    );
  });
});
