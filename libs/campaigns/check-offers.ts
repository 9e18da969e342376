import type { JourneyGraph } from '../journeys/graph.js';
import { isChannel } from '../channels/table.js';
import { messageOf, candidatesOf } from '../journeys/steps/table.js';
import { inside, type Faults } from './faults.js';
import type { Known, StepPlaces } from './read-steps.js';

/**
 * A message that shows an offer needs one on every way that leads to its step: a `choose` before it that gave one. The way
 * `nothing` of a `choose` brings none.
 * @param places of the steps, by id
 */
export function checkOffers(graph: JourneyGraph, places: ReadonlyMap<string, StepPlaces>, faults: Faults, { needsOf }: Known): void {
  if (needsOf === undefined) return;
  const without = reachedWithoutOffer(graph);
  for (const step of Object.values(graph.steps)) {
    const message = messageOf(step);
    const way = without.get(step.id);
    const place = places.get(step.id)?.specPlace;
    if (message === undefined || way === undefined || place === undefined) continue;
    const { template, channel } = message;
    const shown = needsOf(template, isChannel(channel) ? channel : undefined).get('offer');
    if (shown === undefined) continue;
    const led = way.length === 0 ? 'the journey begins here' : `the journey can come here by ${way.slice(-5).join(', ')}`;
    faults.add(
      inside(place, ['template']),
      `${template} shows {{ ${shown} }}, and ${led} without an offer; put - choose: { from: [...] } before it, or lead that way elsewhere`,
    );
  }
}

/** The steps that can be reached without an offer, each with a shortest way there: `choose.nothing`, `branch.big`. */
function reachedWithoutOffer({ first, steps }: JourneyGraph): ReadonlyMap<string, readonly string[]> {
  const ways = new Map<string, readonly string[]>([[first, []]]);
  for (const [id, way] of ways) {
    const step = steps[id];
    for (const [label, to] of Object.entries(step?.ways ?? {})) {
      const brings = label === 'next' && step !== undefined && candidatesOf(step) !== undefined;
      if (!brings && !ways.has(to)) ways.set(to, [...way, label === 'next' ? id : `${id}.${label}`]);
    }
  }
  return ways;
}
