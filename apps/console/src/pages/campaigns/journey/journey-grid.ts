import type { JourneyFlow, JourneyModel, JourneyNode } from './journey-model.js';

/** A box's place on a grid: columns from left to right, lanes from top to bottom, both from 0. */
export interface Cell {
  readonly column: number;
  readonly lane: number;
}

/**
 * Gives each step and early ending a cell. The first way out of a step continues in its lane, others open lanes below. A round after an
 * unanswered one starts again at the left, so that its wait is directly below the first. Endings that are reached after a wait are not on
 * the grid: they share a last column of their own.
 */
export function journeyGrid(model: JourneyModel): { readonly cells: ReadonlyMap<string, Cell>; readonly lastEndings: readonly string[] } {
  const nodes = new Map(model.nodes.map((node) => [node.id, node]));
  const cells = new Map<string, Cell>();
  const taken = new Set<string>();
  const isFree = (column: number, lane: number): boolean => !taken.has(`${column} ${lane}`);
  const put = (id: string, cell: Cell): void => {
    cells.set(id, cell);
    taken.add(`${cell.column} ${cell.lane}`);
  };
  const stepsFrom = (id: string): JourneyFlow[] => model.flows.filter((flow) => flow.from === id && nodes.get(flow.to)?.kind === 'step');

  /** The lane at or beneath `lane` in which the chain that starts with `id` finds its columns free. */
  const laneFor = (id: string, column: number, lane: number): number => {
    const length = chainLength(id, stepsFrom);
    const fits = Array.from({ length }, (_, at) => column + at).every((each) => isFree(each, lane));
    return fits ? lane : laneFor(id, column, lane + 1);
  };

  const walk = (id: string, column: number, lane: number): void => {
    put(id, { column, lane });
    let straightOn = true;
    for (const flow of stepsFrom(id)) {
      if (cells.has(flow.to)) continue;
      const next = flow.wraps ? Math.max(1, column - stepsToWait(flow.to, nodes, stepsFrom)) : column + 1;
      const stays = straightOn && !flow.wraps && isFree(next, lane);
      if (stays) straightOn = false;
      walk(flow.to, next, stays ? lane : laneFor(flow.to, next, lane + 1));
    }
  };
  walk('enters', 0, 0);
  // A step that no step leads to is drawn too.
  for (const node of model.nodes) if (node.kind === 'step' && !cells.has(node.id)) walk(node.id, 1, laneFor(node.id, 1, 1));

  const lastEndings = endingsAfterAWait(model);
  const early = model.nodes.filter((node) => !cells.has(node.id) && !lastEndings.includes(node.id));
  placeEarlyEndings(early, model, cells, isFree, put);
  return { cells, lastEndings };
}

/** The length of the chain of boxes from here. */
function chainLength(id: string, stepsFrom: (id: string) => readonly JourneyFlow[], seen: ReadonlySet<string> = new Set()): number {
  const next = stepsFrom(id).find((flow) => !flow.wraps);
  return next === undefined || seen.has(id) ? 1 : 1 + chainLength(next.to, stepsFrom, new Set([...seen, id]));
}

/** The number of steps before the next wait for an answer. */
function stepsToWait(
  id: string,
  nodes: ReadonlyMap<string, JourneyNode>,
  stepsFrom: (id: string) => readonly JourneyFlow[],
  seen: ReadonlySet<string> = new Set(),
): number {
  const next = stepsFrom(id).find((flow) => !flow.wraps);
  if (next === undefined || nodes.get(id)?.waits === true || seen.has(id)) return 0;
  return 1 + stepsToWait(next.to, nodes, stepsFrom, new Set([...seen, id]));
}

/** Directly after the step that they end, all in one lane below, if they do not overlap. */
function placeEarlyEndings(
  early: readonly JourneyNode[],
  model: JourneyModel,
  cells: ReadonlyMap<string, Cell>,
  isFree: (column: number, lane: number) => boolean,
  put: (id: string, cell: Cell) => void,
): void {
  const wanted = early.map((node) => {
    const sources = model.flows.flatMap((flow) => (flow.to === node.id ? (cells.get(flow.from) ?? []) : []));
    const column = 1 + Math.max(0, ...sources.map((cell) => cell.column));
    let lane = 1 + Math.max(0, ...sources.map((cell) => cell.lane));
    while (!isFree(column, lane)) lane += 1;
    return { node, column, lane };
  });
  const bottom = Math.max(1, ...wanted.map(({ lane }) => lane));
  for (const { node, column } of wanted) {
    let lane = bottom;
    while (!isFree(column, lane)) lane += 1;
    put(node.id, { column, lane });
  }
}

/** Endings that customers reach after a wait, in the order of the model. */
function endingsAfterAWait(model: JourneyModel): string[] {
  const after = new Set<string>();
  const walk = (id: string): void => {
    if (after.has(id)) return;
    after.add(id);
    for (const flow of model.flows) if (flow.from === id) walk(flow.to);
  };
  for (const node of model.nodes) if (node.waits) walk(node.id);
  return model.nodes.filter((node) => node.kind === 'ending' && after.has(node.id)).map((node) => node.id);
}
