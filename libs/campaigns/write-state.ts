import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import type { CampaignState } from './campaign.entity.js';
import type { CampaignCommand } from './campaign-states.js';

/**
 * Writes the state that a command brought a campaign to, and when. The caller holds the campaign's locks and knows that the
 * state allows the command.
 * @param pauseReason why it pauses by itself; null for any other command, which ends it
 */
export async function writeState(
  tx: EntityManager,
  campaignId: string,
  {
    state,
    command,
    pauseReason,
  }: { readonly state: CampaignState; readonly command: CampaignCommand; readonly pauseReason: string | null },
  now: Date,
): Promise<void> {
  const ended = state === 'cancelled' || state === 'completed';
  await query(
    tx,
    `update campaign set state = $2, launched_at = case when $3 then $5 else launched_at end, ended_at = case when $4 then $5 end,
       resumed_at = case when $6 then $5 else resumed_at end, pause_reason = $7
     where id = $1`,
    [campaignId, state, command === 'launch', ended, now, command === 'resume', pauseReason],
  );
}
