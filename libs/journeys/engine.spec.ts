import type { EffectResult, JourneyEffect, JourneyInput, Visit } from './effects.js';
import { advance, initialState, type JourneyState } from './engine.js';
import type { GraphStep, JourneyGraph } from './graph.js';
import type { Answer } from './answers/table.js';

const hour = 3_600_000;
const day = 24 * hour;
const windowEndsAt = 10 * day;

const step = (id: string, kind: string, spec: unknown, ways: Record<string, string> = {}): [string, GraphStep] => [
  id,
  { id, kind, spec, ways },
];
const graphOf = (first: string, ...steps: [string, GraphStep][]): JourneyGraph => ({ first, steps: Object.fromEntries(steps) });
const offerSpec = { template: 'save-offer', channel: 'preferred' };

const save = graphOf(
  'assess',
  step('assess', 'assess', { rule: 'score.churn > 0.5' }, { next: 'choose' }),
  step('choose', 'choose', { from: ['credit'] }, { next: 'offer' }),
  step('offer', 'offer', offerSpec, { next: 'await' }),
  step('await', 'await', { answerWithinMs: 4 * day }, { silence: 'remind' }),
  step('remind', 'offer', { template: 'save-reminder', channel: 'other' }, { next: 'await-2', blocked: 'gone' }),
  step('await-2', 'await', { answerWithinMs: 5 * day }, { question: 'pause', otherwise: 'lost' }),
  step('pause', 'wait', { forMs: day }, { next: 'won' }),
  step('won', 'exit', { outcome: 'won-back' }),
  step('lost', 'exit', { outcome: 'lapsed' }),
  step('gone', 'exit', { outcome: 'unreachable' }),
);

/** A running journey in a test: the last request to the shell, and every visit in its latest form. */
class Walk {
  state: JourneyState;
  effects: readonly JourneyEffect[] = [];
  readonly visits = new Map<number, Visit>();

  constructor(readonly graph: JourneyGraph) {
    this.state = initialState(graph, 0, windowEndsAt);
  }

  take(input: JourneyInput, now = 0): this {
    const turn = advance(this.graph, this.state, input, now);
    this.state = JSON.parse(JSON.stringify(turn.state)) as JourneyState;
    this.effects = turn.effects;
    for (const visit of turn.visits) this.visits.set(visit.ordinal, visit);
    return this;
  }

  results(now: number, ...results: EffectResult[]): this {
    for (const result of results) this.take({ kind: 'performed', result }, now);
    return this;
  }

  answer(answer: Answer, now = 0, responseId = `${answer}-${String(now)}`): this {
    return this.take({ kind: 'signalled', signal: { kind: 'response', answer, responseId } }, now);
  }

  failed(messageId: string, channel: string, why: 'rejected' | 'bounced' | 'late' = 'bounced', now = 0): this {
    return this.take({ kind: 'signalled', signal: { kind: 'message-failed', messageId, channel, why } }, now);
  }

  path(): string[] {
    return [...this.visits.values()].map((visit) => `${visit.step}:${visit.label ?? ''}`);
  }
}

const assessed: EffectResult = { kind: 'assessed', holds: true };
const chosen: EffectResult = { kind: 'chosen', treatment: 'credit' };
const planned: EffectResult = { kind: 'planned', channel: 'email', messageId: 'm1' };
const start = (graph: JourneyGraph = save): Walk => new Walk(graph).take({ kind: 'started' });
const waiting = (): Walk => start().results(0, assessed, chosen, planned);

describe('the journey engine', () => {
  it('requests one effect after the other until it parks', () => {
    const walk = start();
    expect(walk.effects).toEqual([{ kind: 'assess', step: 'assess', occurrence: 1, rule: 'score.churn > 0.5' }]);
    walk.results(0, assessed);
    expect(walk.effects).toEqual([{ kind: 'choose', step: 'choose', occurrence: 1, from: ['credit'] }]);
    walk.results(0, chosen);
    expect(walk.effects).toEqual([
      { kind: 'send', step: 'offer', occurrence: 1, template: 'save-offer', channel: 'preferred', except: [], last: null },
    ]);
    walk.results(0, planned);
    expect(walk.effects).toEqual([{ kind: 'park', step: 'await', until: 4 * day }]);
    expect(walk.path()).toEqual(['assess:next', 'choose:next', 'offer:next', 'await:']);
  });

  it('states the purpose of a message in every request if its step states it, and only then', () => {
    const [id, bill] = step('offer', 'offer', { ...offerSpec, purpose: 'service' }, { next: 'await' });
    const walk = start({ ...save, steps: { ...save.steps, [id]: bill } }).results(0, assessed, chosen);
    const asked = { kind: 'send', step: 'offer', template: 'save-offer', channel: 'preferred', purpose: 'service', last: null };
    expect(walk.effects).toEqual([{ ...asked, occurrence: 1, except: [] }]);
    walk.results(0, { kind: 'deferred', until: day, reason: 'quiet-hours' }).take({ kind: 'elapsed' }, day);
    expect(walk.effects).toEqual([{ ...asked, occurrence: 2, except: [] }]);
    expect(JSON.stringify(start().results(0, assessed, chosen).effects)).not.toContain('purpose');
  });

  it('changes nothing in place', () => {
    const before = waiting().state;
    const copy = JSON.stringify(before);
    advance(save, before, { kind: 'signalled', signal: { kind: 'response', answer: 'accepted', responseId: 'r' } }, 5);
    expect(JSON.stringify(before)).toBe(copy);
  });

  it.each<[Answer, string]>([
    ['accepted', 'saved'],
    ['declined', 'declined'],
    ['question', 'handed-over'],
    ['complaint', 'handed-over'],
    ['opt-out', 'opted-out'],
  ])('ends on %s as %s if no way is named', (answer, outcome) => {
    const walk = waiting().answer(answer, hour);
    expect(walk.effects).toEqual([{ kind: 'close', outcome }]);
    expect(walk.path().at(-1)).toBe(`await:${answer}`);
  });

  it('continues with the next step on silence, and there uses `otherwise` for unnamed answers', () => {
    const walk = waiting().take({ kind: 'elapsed' }, 4 * day);
    expect(walk.effects).toMatchObject([{ kind: 'send', step: 'remind', last: 'email', channel: 'other' }]);
    walk.results(4 * day, { kind: 'planned', channel: 'sms', messageId: 'm2' }).answer('declined', 5 * day);
    expect(walk.effects).toEqual([{ kind: 'close', outcome: 'lapsed' }]);
    expect(walk.path().slice(-2)).toEqual(['await-2:otherwise', 'lost:lapsed']);
  });

  it('ends as recovered, nothing-pays and unreachable if the definition names no other way', () => {
    expect(start().results(0, { kind: 'assessed', holds: false }).state.outcome).toBe('recovered');
    expect(start().results(0, assessed, { kind: 'chosen', treatment: null }).state.outcome).toBe('nothing-pays');
    expect(start().results(0, assessed, chosen, { kind: 'blocked', reason: 'no-consent' }).state.outcome).toBe('unreachable');
  });

  it('retries a deferred message at its time, as another occurrence', () => {
    const walk = start().results(0, assessed, chosen, { kind: 'deferred', until: 8 * hour, reason: 'quiet-hours' });
    expect(walk.effects).toEqual([{ kind: 'park', step: 'offer', until: 8 * hour }]);
    walk.take({ kind: 'elapsed' }, 7 * hour);
    expect(walk.effects).toEqual([{ kind: 'park', step: 'offer', until: 8 * hour }]);
    walk.take({ kind: 'elapsed' }, 8 * hour);
    expect(walk.effects).toMatchObject([{ kind: 'send', step: 'offer', occurrence: 2 }]);
  });

  it('handles an answer that came before the await, with the ways of that await', () => {
    const graph = graphOf(
      'offer',
      step('offer', 'offer', offerSpec, { next: 'wait' }),
      step('wait', 'wait', { forMs: day }, { next: 'await' }),
      step('await', 'await', { answerWithinMs: day }, { question: 'won' }),
      step('won', 'exit', { outcome: 'won-back' }),
    );
    const whileSending = start(graph).answer('question');
    expect(whileSending.effects).toEqual([]);
    expect(whileSending.results(0, planned).state.outcome).toBe('won-back');
    expect(start(graph).results(0, planned).answer('question', hour).state.outcome).toBe('won-back');
  });

  it('handles a late answer with the ways of the await that was left last', () => {
    const walk = waiting()
      .take({ kind: 'elapsed' }, 4 * day)
      .answer('accepted', 4 * day);
    expect(walk.results(4 * day, { kind: 'deferred', until: 5 * day, reason: 'cap' }).state.outcome).toBe('saved');
    expect(walk.path().at(-1)).toBe('remind:accepted');
  });

  it('handles an answer that came while a message was being refused, instead of ending as unreachable', () => {
    const walk = waiting()
      .take({ kind: 'elapsed' }, 4 * day)
      .answer('accepted', 4 * day);
    expect(walk.results(4 * day, { kind: 'blocked', reason: 'offer-not-open' }).state.outcome).toBe('saved');
    expect(walk.path().at(-1)).toBe('remind:accepted');
  });

  it('checks a change of the customer before it ends as unreachable', () => {
    const walk = start()
      .results(0, assessed, chosen)
      .take({ kind: 'signalled', signal: { kind: 'customer-changed' } });
    expect(walk.results(0, { kind: 'blocked', reason: 'no-consent' }).effects).toEqual([
      { kind: 'check-goal', step: 'offer', lastOccurrence: 1, visit: 3 },
    ]);
    expect(walk.results(0, { kind: 'goal-checked', reached: false, churned: false }).state.outcome).toBe('unreachable');
  });

  it('uses the default endings if nothing in the journey listens', () => {
    const graph = graphOf(
      'assess',
      step('assess', 'assess', { rule: 'true' }, { otherwise: 'lost' }),
      step('lost', 'exit', { outcome: 'churned' }),
    );
    expect(start(graph).results(0, assessed).state.outcome).toBe('lapsed');
    expect(start(graph).answer('accepted').results(0, assessed).state.outcome).toBe('saved');
    const waits = graphOf('wait', step('wait', 'wait', { forMs: day }));
    expect(start(waits).answer('accepted').state.outcome).toBe('saved');
  });

  it('goes back to the offer without the channel that failed', () => {
    const walk = waiting().failed('m1', 'email', 'bounced', hour);
    expect(walk.effects).toMatchObject([{ kind: 'send', step: 'offer', occurrence: 2, except: ['email'], last: 'email' }]);
    walk.results(hour, { kind: 'planned', channel: 'sms', messageId: 'm2' });
    expect(walk.effects).toEqual([{ kind: 'park', step: 'await', until: hour + 4 * day }]);
    expect(walk.path().slice(-3)).toEqual(['await:failed', 'offer:next', 'await:']);
    expect(walk.failed('m2', 'sms', 'rejected', 2 * hour).results(2 * hour, { kind: 'blocked', reason: 'no-channel' }).state.outcome).toBe(
      'unreachable',
    );
  });

  it('may use the same channel again after a message whose time had passed', () => {
    expect(waiting().failed('m1', 'email', 'late', hour).effects).toMatchObject([{ kind: 'send', except: [], occurrence: 2 }]);
  });

  it('keeps a later message when an earlier one fails', () => {
    const walk = waiting()
      .take({ kind: 'elapsed' }, 4 * day)
      .results(4 * day, { kind: 'planned', channel: 'sms', messageId: 'm2' });
    expect(walk.failed('m1', 'email', 'bounced', 5 * day).state.at).toBe('await-2');
  });

  it('ignores a signal that it has seen', () => {
    const walk = waiting().failed('m1', 'email').results(0, { kind: 'planned', channel: 'sms', messageId: 'm2' });
    const state = walk.state;
    walk.failed('m1', 'email');
    expect(walk.state).toEqual(state);
    expect(walk.effects).toEqual([]);
  });

  it('checks the goal when the customer changed, and continues where it was', () => {
    const walk = waiting().take({ kind: 'signalled', signal: { kind: 'customer-changed' } }, hour);
    expect(walk.effects).toEqual([{ kind: 'check-goal', step: 'await', lastOccurrence: 0, visit: 4 }]);
    walk.results(hour, { kind: 'goal-checked', reached: false, churned: false });
    expect(walk.effects).toEqual([{ kind: 'park', step: 'await', until: 4 * day }]);
    walk.take({ kind: 'signalled', signal: { kind: 'customer-changed' } }, hour);
    expect(walk.results(hour, { kind: 'goal-checked', reached: true, churned: false }).state.outcome).toBe('saved');
    expect(walk.path().at(-1)).toBe('await:goal');
  });

  it('ends as churned when the customer has gone', () => {
    const walk = waiting().take({ kind: 'signalled', signal: { kind: 'customer-changed' } }, hour);
    expect(walk.results(hour, { kind: 'goal-checked', reached: false, churned: true }).state.outcome).toBe('churned');
  });

  it('handles a change of the customer before the next effect, and that effect afterwards', () => {
    const walk = start()
      .take({ kind: 'signalled', signal: { kind: 'customer-changed' } })
      .results(0, assessed);
    expect(walk.effects).toEqual([{ kind: 'check-goal', step: 'assess', lastOccurrence: 1, visit: 1 }]);
    walk.results(0, { kind: 'goal-checked', reached: false, churned: false });
    expect(walk.effects).toMatchObject([{ kind: 'choose', occurrence: 1 }]);
  });

  it('waits while paused, and requests the same effect after the resume', () => {
    const walk = start().results(0, assessed);
    const asked = walk.effects;
    expect(walk.results(0, { kind: 'paused' }).effects).toEqual([]);
    expect(walk.take({ kind: 'elapsed' }, day).effects).toEqual([]);
    expect(walk.take({ kind: 'resumed' }, day).effects).toEqual(asked);
  });

  it('after a resume handles what came during the pause, before the refused effect', () => {
    const walk = waiting()
      .take({ kind: 'elapsed' }, 4 * day)
      .results(4 * day, { kind: 'paused' })
      .answer('accepted', 5 * day);
    expect(walk.effects).toEqual([]);
    expect(walk.take({ kind: 'resumed' }, 6 * day).effects).toEqual([{ kind: 'close', outcome: 'saved' }]);
  });

  it('expires if it is resumed after its window, without the refused effect', () => {
    const walk = waiting()
      .take({ kind: 'elapsed' }, 4 * day)
      .results(4 * day, { kind: 'paused' });
    expect(walk.take({ kind: 'resumed' }, 11 * day).effects).toEqual([{ kind: 'close', outcome: 'expired' }]);
    expect(walk.results(11 * day, { kind: 'paused' }).take({ kind: 'resumed' }, 12 * day).effects).toEqual([
      { kind: 'close', outcome: 'expired' },
    ]);
  });

  it('ends as cancelled when its customer was erased, paused or not', () => {
    const erased = { kind: 'signalled', signal: { kind: 'customer-erased' } } as const;
    expect(waiting().take(erased).effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
    expect(start().results(0, { kind: 'paused' }).take(erased).effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
  });

  it('is cancelled from any step, after the outstanding effect', () => {
    expect(waiting().take({ kind: 'cancelled' }).effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
    const sending = start().take({ kind: 'cancelled' });
    expect(sending.effects).toEqual([]);
    expect(sending.results(0, assessed).effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
    expect(start().results(0, { kind: 'paused' }).take({ kind: 'cancelled' }).effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
    expect(start().take({ kind: 'cancelled' }).results(0, { kind: 'paused' }).effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
    expect(new Walk(save).take({ kind: 'cancelled' }).effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
  });

  it('ends as the customer answered if a cancellation comes after the answer, and begins no further step', () => {
    const paused = (): Walk => start().results(0, { kind: 'paused' });
    expect(paused().answer('accepted').take({ kind: 'cancelled' }).effects).toEqual([{ kind: 'close', outcome: 'saved' }]);
    expect(paused().answer('declined').take({ kind: 'cancelled' }).effects).toEqual([{ kind: 'close', outcome: 'declined' }]);
    const thanks = graphOf(
      'await',
      step('await', 'await', { answerWithinMs: day }, { accepted: 'thanks' }),
      step('thanks', 'offer', offerSpec, { next: 'won' }),
      step('won', 'exit', { outcome: 'won-back' }),
    );
    const refused = start(thanks).answer('accepted').results(0, { kind: 'paused' });
    expect(refused.take({ kind: 'cancelled' }).effects).toEqual([{ kind: 'close', outcome: 'saved' }]);
  });

  it('is cancelled while a goal check waits for a resume, and drops the check', () => {
    const walk = waiting().take({ kind: 'signalled', signal: { kind: 'customer-changed' } }, hour);
    walk.results(hour, { kind: 'paused' }).take({ kind: 'cancelled' }, hour);
    expect(walk.effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
  });

  it('never waits beyond its window, and expires there', () => {
    const graph = graphOf('await', step('await', 'await', { answerWithinMs: 30 * day }, { silence: 'await' }));
    const walk = start(graph);
    expect(walk.effects).toEqual([{ kind: 'park', step: 'await', until: windowEndsAt }]);
    expect(walk.take({ kind: 'elapsed' }, windowEndsAt).effects).toEqual([{ kind: 'close', outcome: 'expired' }]);
  });

  it('expires when an effect comes back after the window', () => {
    expect(start().results(windowEndsAt, assessed).effects).toEqual([{ kind: 'close', outcome: 'expired' }]);
  });

  it('counts an answer that arrived before the end of the window was noticed', () => {
    expect(waiting().answer('accepted', windowEndsAt + hour).state.outcome).toBe('saved');
  });

  it('does nothing after it is closed', () => {
    const walk = waiting().answer('accepted', hour).results(hour, { kind: 'closed' });
    for (const input of [{ kind: 'started' }, { kind: 'elapsed' }, { kind: 'resumed' }, { kind: 'cancelled' }] as const) {
      expect(walk.take(input, 20 * day).effects).toEqual([]);
    }
    expect(walk.answer('declined', 2 * hour).effects).toEqual([]);
    expect(walk.state.outcome).toBe('saved');
  });

  it('branches by label, and by `otherwise` if no rule is true', () => {
    const graph = graphOf(
      'branch',
      step('branch', 'branch', { rules: [{ label: 'big', rule: 'customer.monthly_charge > 80' }] }, { big: 'won', otherwise: 'lost' }),
      step('won', 'exit', { outcome: 'won-back' }),
      step('lost', 'exit', { outcome: 'lapsed' }),
    );
    expect(start(graph).results(0, { kind: 'branched', label: 'big' }).state.outcome).toBe('won-back');
    expect(start(graph).results(0, { kind: 'branched', label: 'otherwise' }).state.outcome).toBe('lapsed');
  });

  it('refuses a graph with a step kind that does not exist', () => {
    expect(() => initialState(graphOf('x', step('x', 'teleport', {})), 0, windowEndsAt)).toThrow('no step kind teleport');
  });
});
