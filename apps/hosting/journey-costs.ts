import type { Client } from '@temporalio/client';
import { workflowTypes } from '../../workflows/contract.js';
import { costOf, type JourneyCost } from '../../libs/journeys/cost.js';

/**
 * The cost of journeys on this Temporal server: the mean over the histories of up to `sample` ended journeys.
 * @returns how many have ended, and the mean events and billed actions of one
 */
export async function journeyCosts(client: Client, sample: number): Promise<JourneyCost & { readonly journeys: number }> {
  const closed = `WorkflowType = '${workflowTypes.journey}' and ExecutionStatus = 'Completed'`;
  const { count } = await client.workflow.count(closed);
  const costs: JourneyCost[] = [];
  for await (const { workflowId, runId } of client.workflow.list({ query: closed })) {
    if (costs.length >= sample) break;
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    costs.push(costOf(events ?? []));
  }
  const mean = (of: (cost: JourneyCost) => number): number => costs.reduce((sum, cost) => sum + of(cost), 0) / Math.max(1, costs.length);
  return { journeys: count, events: mean((cost) => cost.events), actions: mean((cost) => cost.actions) };
}
