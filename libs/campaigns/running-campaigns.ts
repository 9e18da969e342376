import type { EntityManager } from '@mikro-orm/postgresql';
import { tables } from '../persistence/tables.js';
import type { Campaign, CampaignState } from './campaign.entity.js';

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
  return tables<typeof Campaign>(em)
    .selectFrom('Campaign')
    .select(['id', 'state'])
    .where('state', 'in', states)
    .$narrowType<{ state: RunningState }>()
    .execute();
}

/** The state of a campaign as it is now; undefined if there is no such campaign. */
export async function campaignState(em: EntityManager, id: string): Promise<CampaignState | undefined> {
  return (await tables<typeof Campaign>(em).selectFrom('Campaign').select('state').where('id', '=', id).executeTakeFirst())?.state;
}
