import { Client, Connection } from '@temporalio/client';
import type { Settings } from '../../../../config/settings.js';
import { journeyCosts } from '../../../hosting/journey-costs.js';

const sample = 200;

/** The cost of a journey on the demo's Temporal server, as the mean over a sample of its histories. */
export async function journeyCostsOf({
  temporal,
}: Settings): Promise<{ journeys: number; eventsPerJourney: number; actionsPerJourney: number }> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const { journeys, events, actions } = await journeyCosts(new Client({ connection, namespace: temporal.namespace }), sample);
    return { journeys, eventsPerJourney: events, actionsPerJourney: actions };
  } finally {
    await connection.close();
  }
}
