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

/** A journey under way in a test: what was asked of the shell last, and every visit in its latest form. */
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
  it('asks for one effect after the other until it parks', () => {
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

  it('says what a message is for only where its step does, at every asking', () => {
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
  ])('ends on %s as %s where no way is named', (answer, outcome) => {
    const walk = waiting().answer(answer, hour);
    expect(walk.effects).toEqual([{ kind: 'close', outcome }]);
    expect(walk.path().at(-1)).toBe(`await:${answer}`);
  });

  it('takes silence to the next step, and there `otherwise` for what is not named', () => {
    const walk = waiting().take({ kind: 'elapsed' }, 4 * day);
    expect(walk.effects).toMatchObject([{ kind: 'send', step: 'remind', last: 'email', channel: 'other' }]);
    walk.results(4 * day, { kind: 'planned', channel: 'sms', messageId: 'm2' }).answer('declined', 5 * day);
    expect(walk.effects).toEqual([{ kind: 'close', outcome: 'lapsed' }]);
    expect(walk.path().slice(-2)).toEqual(['await-2:otherwise', 'lost:lapsed']);
  });

  it('ends as recovered, nothing-pays and unreachable where the definition says nothing else', () => {
    expect(start().results(0, { kind: 'assessed', holds: false }).state.outcome).toBe('recovered');
    expect(start().results(0, assessed, { kind: 'chosen', treatment: null }).state.outcome).toBe('nothing-pays');
    expect(start().results(0, assessed, chosen, { kind: 'blocked', reason: 'no-consent' }).state.outcome).toBe('unreachable');
  });

  it('tries a deferred message again at its time, as another occurrence', () => {
    const walk = start().results(0, assessed, chosen, { kind: 'deferred', until: 8 * hour, reason: 'quiet-hours' });
    expect(walk.effects).toEqual([{ kind: 'park', step: 'offer', until: 8 * hour }]);
    walk.take({ kind: 'elapsed' }, 7 * hour);
    expect(walk.effects).toEqual([{ kind: 'park', step: 'offer', until: 8 * hour }]);
    walk.take({ kind: 'elapsed' }, 8 * hour);
    expect(walk.effects).toMatchObject([{ kind: 'send', step: 'offer', occurrence: 2 }]);
  });

  it('hears an answer that came before the await was reached, with the ways of that await', () => {
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

  it('hears a late answer with the ways of the await that was left last', () => {
    const walk = waiting()
      .take({ kind: 'elapsed' }, 4 * day)
      .answer('accepted', 4 * day);
    expect(walk.results(4 * day, { kind: 'deferred', until: 5 * day, reason: 'cap' }).state.outcome).toBe('saved');
    expect(walk.path().at(-1)).toBe('remind:accepted');
  });

  it('hears an answer that came while a message was being refused, instead of giving the customer up', () => {
    const walk = waiting()
      .take({ kind: 'elapsed' }, 4 * day)
      .answer('accepted', 4 * day);
    expect(walk.results(4 * day, { kind: 'blocked', reason: 'offer-not-open' }).state.outcome).toBe('saved');
    expect(walk.path().at(-1)).toBe('remind:accepted');
  });

  it('looks at a change of the customer before giving the customer up', () => {
    const walk = start()
      .results(0, assessed, chosen)
      .take({ kind: 'signalled', signal: { kind: 'customer-changed' } });
    expect(walk.results(0, { kind: 'blocked', reason: 'no-consent' }).effects).toEqual([
      { kind: 'check-goal', step: 'offer', lastOccurrence: 1, visit: 3 },
    ]);
    expect(walk.results(0, { kind: 'goal-checked', reached: false, churned: false }).state.outcome).toBe('unreachable');
  });

  it('uses the default endings where nothing in the journey listens', () => {
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

  it('may use the same channel again after a message that came too late', () => {
    expect(waiting().failed('m1', 'email', 'late', hour).effects).toMatchObject([{ kind: 'send', except: [], occurrence: 2 }]);
  });

  it('lets a later message stand when an earlier one fails', () => {
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

  it('asks about the goal when the customer changed, and otherwise resumes where it stood', () => {
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

  it('does a change of the customer before the next effect, and that effect afterwards', () => {
    const walk = start()
      .take({ kind: 'signalled', signal: { kind: 'customer-changed' } })
      .results(0, assessed);
    expect(walk.effects).toEqual([{ kind: 'check-goal', step: 'assess', lastOccurrence: 1, visit: 1 }]);
    walk.results(0, { kind: 'goal-checked', reached: false, churned: false });
    expect(walk.effects).toMatchObject([{ kind: 'choose', occurrence: 1 }]);
  });

  it('waits while paused, and asks for the same effect once resumed', () => {
    const walk = start().results(0, assessed);
    const asked = walk.effects;
    expect(walk.results(0, { kind: 'paused' }).effects).toEqual([]);
    expect(walk.take({ kind: 'elapsed' }, day).effects).toEqual([]);
    expect(walk.take({ kind: 'resumed' }, day).effects).toEqual(asked);
  });

  it('hears on resuming what came while it was paused, before doing what was refused', () => {
    const walk = waiting()
      .take({ kind: 'elapsed' }, 4 * day)
      .results(4 * day, { kind: 'paused' })
      .answer('accepted', 5 * day);
    expect(walk.effects).toEqual([]);
    expect(walk.take({ kind: 'resumed' }, 6 * day).effects).toEqual([{ kind: 'close', outcome: 'saved' }]);
  });

  it('expires on resuming after its window, without doing what was refused', () => {
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

  it('is cancelled from anywhere, after the outstanding effect', () => {
    expect(waiting().take({ kind: 'cancelled' }).effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
    const sending = start().take({ kind: 'cancelled' });
    expect(sending.effects).toEqual([]);
    expect(sending.results(0, assessed).effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
    expect(start().results(0, { kind: 'paused' }).take({ kind: 'cancelled' }).effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
    expect(start().take({ kind: 'cancelled' }).results(0, { kind: 'paused' }).effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
    expect(new Walk(save).take({ kind: 'cancelled' }).effects).toEqual([{ kind: 'close', outcome: 'cancelled' }]);
  });

  it('ends as the customer answered where a cancellation comes after that, and begins no step any more', () => {
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

  it('is cancelled while a question about the goal waits for a resume, and asks it no more', () => {
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

  it('counts an answer that is there before the end of the window is noticed', () => {
    expect(waiting().answer('accepted', windowEndsAt + hour).state.outcome).toBe('saved');
  });

  it('does nothing more once closed', () => {
    const walk = waiting().answer('accepted', hour).results(hour, { kind: 'closed' });
    for (const input of [{ kind: 'started' }, { kind: 'elapsed' }, { kind: 'resumed' }, { kind: 'cancelled' }] as const) {
      expect(walk.take(input, 20 * day).effects).toEqual([]);
    }
    expect(walk.answer('declined', 2 * hour).effects).toEqual([]);
    expect(walk.state.outcome).toBe('saved');
  });

  it('branches by label, and by `otherwise` where no rule is true', () => {
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
