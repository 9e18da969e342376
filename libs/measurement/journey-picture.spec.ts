import type { JourneyGraph } from '../journeys/graph.js';
import { pictureJourney } from './journey-picture.js';

const day = 86_400_000;
const step = (id: string, kind: string, spec: unknown, ways: Record<string, string> = {}) => [id, { id, kind, spec, ways }] as const;

const graph: JourneyGraph = {
  first: 'assess',
  steps: Object.fromEntries([
    step('left', 'exit', { outcome: 'handed-over' }),
    step('wait', 'wait', { forMs: 36 * 3_600_000 }, { next: 'left' }),
    step('alone', 'dance', {}),
    step('branch', 'branch', { rules: [{ label: 'big', rule: 'true' }] }, { big: 'wait', otherwise: 'left' }),
    step('await', 'await', { answerWithinMs: 4 * day }, { accepted: 'branch', silence: 'left' }),
    step('offer', 'offer', { template: 'save-offer', channel: 'other', purpose: 'service' }, { next: 'await' }),
    step('choose', 'choose', { from: ['a', 'b', 'c'] }, { next: 'offer', nothing: 'left' }),
    step('assess', 'assess', { rule: 'score.churn > 0.5' }, { next: 'choose' }),
  ]),
};

describe('pictureJourney', () => {
  it('describes every kind in words, in the order of the journey', () => {
    expect(pictureJourney(graph, [], {}).steps.map(({ id, title, detail }) => [id, title, detail])).toEqual([
      ['assess', 'Assess', 'score.churn > 0.5'],
      ['choose', 'Choose treatment', '3 candidates, or nothing'],
      ['offer', 'Send', 'save-offer, other channel, service message'],
      ['left', 'Handed over', ''],
      ['await', 'Await answer', '4 days'],
      ['branch', 'Branch', '1 condition'],
      ['wait', 'Wait', '36 hours'],
      ['alone', 'Dance', ''],
    ]);
  });

  it('shows for each step whether it listens, and how a journey ends there', () => {
    const steps = new Map(
      pictureJourney(graph, [], {}).steps.map(({ id, kind, listens, ends, ending }) => [id, { kind, listens, ends, ending }]),
    );
    expect(steps.get('await')).toEqual({ kind: 'await', listens: true, ends: null, ending: null });
    expect(steps.get('left')).toEqual({ kind: 'exit', listens: false, ends: 'handed-over', ending: null });
    // Stored by its old name.
    expect(steps.get('offer')).toEqual({
      kind: 'send',
      listens: false,
      ends: null,
      ending: { label: 'blocked', outcome: 'unreachable', usual: false },
    });
    expect(steps.get('alone')).toEqual({ kind: 'dance', listens: false, ends: null, ending: null });
  });

  it('counts visits, the customers at the step now, and the ways they left by', () => {
    const visits = [
      { step: 'await', label: 'accepted', count: 3 },
      { step: 'await', label: 'goal', count: 1 },
      { step: 'await', label: null, count: 2 },
      { step: 'gone-since', label: 'next', count: 9 },
    ];
    const picture = pictureJourney(graph, visits, { await: 2 });
    expect(picture.steps.find((each) => each.id === 'await')).toMatchObject({
      visits: 6,
      waiting: 2,
      ways: [
        { label: 'accepted', to: 'branch', count: 3 },
        { label: 'silence', to: 'left', count: 0 },
      ],
    });
  });
});
