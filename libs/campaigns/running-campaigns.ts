import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import type { CampaignState } from './campaign.entity.js';

/** The states in which a campaign has a workflow. */
export const runningStates = ['live', 'paused'] as const satisfies readonly CampaignState[];
export type RunningState = (typeof runningStates)[number];

/** Whether a campaign in this state should have a workflow. */
export const isRunning = (state: CampaignState): state is RunningState => (runningStates as readonly CampaignState[]).includes(state);

/** The campaigns that should have a workflow now, in one of these states. */
export async function runningCampaigns(
  em: EntityManager,
  states: readonly RunningState[] = runningStates,
): Promise<{ readonly id: string; readonly state: RunningState }[]> {
  return query<{ id: string; state: RunningState }>(em, 'select id, state from campaign where state = any($1)', [states]);
}
