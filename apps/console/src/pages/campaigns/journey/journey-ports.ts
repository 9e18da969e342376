import type { PlacedNode } from './journey-layout.js';

/** One flow by its ends. */
export interface Side {
  readonly id: string;
  readonly from: PlacedNode;
  readonly to: PlacedNode;
  readonly thickness: number;
}

const between = 3;
/** Distance from a box's rounded corners. */
const margin = 6;

/**
 * Where each flow touches its box's right (`from`) or left (`to`) side: stacked without overlap in the order of where
 * they come from or go to. The one that runs level touches the middle, so that it stays straight.
 */
export function portsOf(flows: readonly Side[], end: 'from' | 'to'): ReadonlyMap<string, number> {
  const ports = new Map<string, number>();
  const far = (flow: Side): number => {
    const node = end === 'from' ? flow.to : flow.from;
    return node.y + node.height / 2;
  };
  for (const box of new Set(flows.map((flow) => flow[end]))) {
    const here = flows.filter((flow) => flow[end] === box).sort((a, b) => far(a) - far(b));
    const centre = box.y + box.height / 2;
    const level = here.findIndex((flow) => Math.abs(far(flow) - centre) < 1);
    const above = here.slice(0, Math.max(0, level)).reduce((sum, flow) => sum + flow.thickness + between, 0);
    const total = here.reduce((sum, flow) => sum + flow.thickness, 0) + between * (here.length - 1);
    const start = level < 0 ? centre - total / 2 : centre - (here[level]?.thickness ?? 0) / 2 - above;
    const lowest = box.y + box.height - margin - total;
    let y = Math.max(box.y + Math.min(margin, (box.height - total) / 2), Math.min(start, lowest));
    for (const flow of here) {
      ports.set(flow.id, y + flow.thickness / 2);
      y += flow.thickness + between;
    }
  }
  return ports;
}
