import { journeyGrid } from './journey-grid.js';
import type { JourneyFlow, JourneyModel, JourneyNode } from './journey-model.js';
import { portsOf, type Side } from './journey-ports.js';

export interface PlacedNode extends JourneyNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly column: number;
}

export interface PlacedFlow extends JourneyFlow {
  /** An SVG path along the middle of the flow. */
  readonly path: string;
  readonly thickness: number;
}

export interface JourneyDrawing {
  readonly nodes: readonly PlacedNode[];
  readonly flows: readonly PlacedFlow[];
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const stepHeight = 74;
const endingHeight = 42;
const betweenLanes = 40;
const betweenEndings = 16;
const widest = 176;
const narrowest = 124;
const smallestGap = 26;
const largestGap = 132;
const thickest = 40;
/** So that an unused way is still visible. */
const thinnest = 1.5;

const heightOf = (node: JourneyNode): number => (node.kind === 'step' || node.kind === 'enters' ? stepHeight : endingHeight);
export const middle = (node: PlacedNode): number => node.y + node.height / 2;

/**
 * Places a journey from left to right in `available` pixels (more where its columns need more). Places depend on the journey and not on its
 * counts, so that nothing moves when customers do; only the flows' width follows the counts.
 */
export function layoutJourney(model: JourneyModel, available: number): JourneyDrawing {
  const nodes = placeNodes(model, available);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const scale = thickest / Math.max(1, ...model.flows.map((flow) => flow.count));
  const thickness = (flow: JourneyFlow): number => Math.max(thinnest, flow.count * scale);
  const ends = model.flows.flatMap((flow) => {
    const from = byId.get(flow.from);
    const to = byId.get(flow.to);
    return from && to ? [{ flow, from, to, back: to.column <= from.column }] : [];
  });
  const sides: Side[] = ends
    .filter(({ back }) => !back)
    .map(({ flow, from, to }) => ({ id: flow.id, from, to, thickness: thickness(flow) }));
  const leaves = portsOf(sides, 'from');
  const arrives = portsOf(sides, 'to');
  const flows = ends.map(({ flow, from, to, back }): PlacedFlow => {
    const path = back
      ? backPath(from, to)
      : forthPath(
          { x: from.x + from.width, y: leaves.get(flow.id) ?? middle(from) },
          { x: to.x, y: arrives.get(flow.id) ?? middle(to) },
          boxesBetween(from, to, nodes),
        );
    return { ...flow, path, thickness: thickness(flow) };
  });
  return {
    // The narrow ones last, so that a thick flow never hides them.
    flows: flows.sort((a, b) => b.thickness - a.thickness),
    nodes,
    width: Math.max(...nodes.map((node) => node.x + node.width)),
    height: Math.max(...nodes.map((node) => node.y + node.height)),
  };
}

function placeNodes(model: JourneyModel, available: number): PlacedNode[] {
  const { cells, lastEndings } = journeyGrid(model);
  const gridColumns = 1 + Math.max(0, ...[...cells.values()].map((cell) => cell.column));
  const columns = gridColumns + (lastEndings.length > 0 ? 1 : 0);
  const width = Math.floor(Math.min(widest, Math.max(narrowest, (available - (columns - 1) * smallestGap) / columns)));
  const space = columns > 1 ? (available - columns * width) / (columns - 1) : 0;
  const gap = Math.min(largestGap, Math.max(smallestGap, Math.floor(space)));

  const laneHeights: number[] = [];
  for (const node of model.nodes) {
    const cell = cells.get(node.id);
    if (cell) laneHeights[cell.lane] = Math.max(laneHeights[cell.lane] ?? 0, heightOf(node));
  }
  const laneTop = (lane: number): number => laneHeights.slice(0, lane).reduce((sum, height) => sum + height + betweenLanes, 0);

  return model.nodes.map((node): PlacedNode => {
    const cell = cells.get(node.id);
    const height = heightOf(node);
    const column = cell ? cell.column : columns - 1;
    const y = cell
      ? laneTop(cell.lane) + ((laneHeights[cell.lane] ?? height) - height) / 2
      : lastEndings.indexOf(node.id) * (endingHeight + betweenEndings);
    return { ...node, x: column * (width + gap), y, width, height, column };
  });
}

/** The boxes of the columns that a flow has to pass, one list a column. */
function boxesBetween(from: PlacedNode, to: PlacedNode, nodes: readonly PlacedNode[]): PlacedNode[][] {
  return Array.from({ length: to.column - from.column - 1 }, (_, at) => nodes.filter((node) => node.column === from.column + 1 + at));
}

const curve = (a: Point, b: Point): string => {
  const half = (a.x + b.x) / 2;
  return `C${half} ${a.y} ${half} ${b.y} ${b.x} ${b.y}`;
};

/** From side to side; horizontally past each column between, in the nearest gap. */
function forthPath(from: Point, to: Point, between: readonly (readonly PlacedNode[])[]): string {
  let path = `M${from.x} ${from.y}`;
  let at = from;
  between.forEach((boxes, index) => {
    const [first] = boxes;
    if (!first) return;
    const aim = from.y + ((to.y - from.y) * (index + 1)) / (between.length + 1);
    const y = freeLevel(boxes, aim);
    path += `${curve(at, { x: first.x, y })}L${first.x + first.width} ${y}`;
    at = { x: first.x + first.width, y };
  });
  return path + curve(at, to);
}

/** The level nearest to `aim` at which no box of a column is met. */
function freeLevel(boxes: readonly PlacedNode[], aim: number): number {
  const clear = betweenLanes / 2;
  const met = (y: number): boolean => boxes.some((box) => y > box.y - clear && y < box.y + box.height + clear);
  const levels = [aim, ...boxes.flatMap((box) => [box.y - clear, box.y + box.height + clear])];
  return levels.filter((y) => !met(y)).sort((a, b) => Math.abs(a - aim) - Math.abs(b - aim))[0] ?? aim;
}

/** To a box that is not further right: out at the bottom and in at the top, or the reverse if it is above. */
function backPath(from: PlacedNode, to: PlacedNode): string {
  const down = to.y > from.y;
  const a = { x: from.x + from.width / 2, y: down ? from.y + from.height : from.y };
  const b = { x: to.x + to.width / 2, y: down ? to.y : to.y + to.height };
  const half = (a.y + b.y) / 2;
  return `M${a.x} ${a.y}C${a.x} ${half} ${b.x} ${half} ${b.x} ${b.y}`;
}
