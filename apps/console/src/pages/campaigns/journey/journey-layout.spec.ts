import { layoutJourney, type JourneyDrawing } from './journey-layout.js';
import type { JourneyFlow, JourneyModel, JourneyNode } from './journey-model.js';

const node = (id: string, kind: JourneyNode['kind'] = 'step', waits = false): JourneyNode => ({
  id,
  kind,
  title: id,
  detail: '',
  count: 10,
  waiting: 0,
  waits,
  tone: 'leaf',
  rows: {},
});
const flow = (from: string, to: string, count = 10, wraps = false): JourneyFlow => ({
  id: `${from} ${to}`,
  from,
  to,
  label: 'next',
  count,
  tone: 'leaf',
  wraps,
});

/** Two rounds: choose, offer, wait; remind, wait. */
const model = (scale = 1): JourneyModel => ({
  nodes: [
    node('enters', 'enters'),
    node('choose'),
    node('offer'),
    node('await', 'step', true),
    node('remind'),
    node('await-2', 'step', true),
    node('ending:saved', 'ending'),
    node('ending:lapsed', 'ending'),
    node('ending:nothing-pays', 'ending'),
    node('held-out', 'held-out'),
  ],
  flows: [
    flow('enters', 'choose', 90 * scale),
    flow('enters', 'held-out', 10 * scale),
    flow('choose', 'offer', 60 * scale),
    flow('choose', 'ending:nothing-pays', 30 * scale),
    flow('offer', 'await', 60 * scale),
    flow('await', 'remind', 40 * scale, true),
    flow('await', 'ending:saved', 20 * scale),
    flow('remind', 'await-2', 40 * scale),
    flow('await-2', 'ending:saved', 10 * scale),
    flow('await-2', 'ending:lapsed', 30 * scale),
  ],
  elsewhere: [],
});

const placed = (drawing: JourneyDrawing, id: string) => {
  const found = drawing.nodes.find((each) => each.id === id);
  if (!found) throw new Error(`There is no ${id}`);
  return found;
};

describe('layoutJourney', () => {
  const drawing = layoutJourney(model(), 1200);

  it('draws the first round in one lane and the second beneath, so that it waits under the first', () => {
    const lane = ['enters', 'choose', 'offer', 'await'].map((id) => placed(drawing, id));
    expect(new Set(lane.map(({ y }) => y)).size).toBe(1);
    expect(lane.map(({ column }) => column)).toEqual([0, 1, 2, 3]);
    expect(placed(drawing, 'remind').column).toBe(2);
    expect(placed(drawing, 'await-2').x).toBe(placed(drawing, 'await').x);
    expect(placed(drawing, 'await-2').y).toBeGreaterThan(placed(drawing, 'await').y);
  });

  it('gives endings after a wait the last column, and others the place behind their step', () => {
    expect(placed(drawing, 'ending:saved').column).toBe(4);
    expect(placed(drawing, 'ending:lapsed').column).toBe(4);
    expect(placed(drawing, 'ending:nothing-pays').column).toBe(2);
    expect(placed(drawing, 'held-out').column).toBe(1);
  });

  it('lets no two boxes overlap', () => {
    for (const a of drawing.nodes) {
      for (const b of drawing.nodes) {
        if (a === b) continue;
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(apart).toBe(true);
      }
    }
  });

  it('keeps its places when the counts change', () => {
    const later = layoutJourney(model(7), 1200);
    expect(later.nodes.map(({ x, y }) => [x, y])).toEqual(drawing.nodes.map(({ x, y }) => [x, y]));
  });

  it('draws flows as wide as their customers', () => {
    const thickness = (id: string) => drawing.flows.find((each) => each.id === id)?.thickness ?? 0;
    expect(thickness('enters choose') / thickness('choose offer')).toBeCloseTo(90 / 60);
  });

  it('uses the available width, and more only if the columns need it', () => {
    expect(drawing.width).toBeLessThanOrEqual(1200);
    expect(layoutJourney(model(), 300).width).toBeGreaterThan(300);
  });
});
