import type { JourneyGraph } from '../journeys/graph.js';
import { isChannel } from '../channels/table.js';
import { messageOf, candidatesOf } from '../journeys/steps/table.js';
import { inside, type DefinitionErrors } from './definition-errors.js';
import type { Known, StepPlaces } from './read-steps.js';

/**
 * A message that shows an offer needs an offer on every way that leads to its step: a `choose` before it that issued one. The way `nothing`
 * of a `choose` issues none.
 * @param places of the steps, by id
 */
export function checkOffers(
  graph: JourneyGraph,
  places: ReadonlyMap<string, StepPlaces>,
  errors: DefinitionErrors,
  { needsOf }: Known,
): void {
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
    const led = way.length === 0 ? 'the journey begins here' : `the journey can reach this step by ${way.slice(-5).join(', ')}`;
    errors.add(
      inside(place, ['template']),
      `${template} shows {{ ${shown} }}, and ${led} without an offer; put - choose: { from: [...] } before it, or send that way to another step`,
    );
  }
}

/** The steps that can be reached without an offer, each with the shortest way to it: `choose.nothing`, `branch.big`. */
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
