import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import type { CampaignState } from './campaign.entity.js';
import type { CampaignCommand } from './campaign-states.js';

export interface WrittenState {
  readonly state: CampaignState;
  /** The command that led to the state. */
  readonly command: CampaignCommand;
  /** Why it pauses automatically; null for any other command, which removes the reason. */
  readonly pauseReason: string | null;
  /** Its next resume uses the latest content. */
  readonly repinOnResume: boolean;
}

/** Writes the state that a command led to, and when. The caller holds the campaign's locks and knows that the state allows the command. */
export async function writeState(
  tx: EntityManager,
  campaignId: string,
  { state, command, pauseReason, repinOnResume }: WrittenState,
  now: Date,
): Promise<void> {
  const ended = state === 'cancelled' || state === 'completed';
  await query(
    tx,
    `update campaign set state = $2, launched_at = case when $3 then $5 else launched_at end, ended_at = case when $4 then $5 end,
       resumed_at = case when $6 then $5 else resumed_at end, pause_reason = $7, repin_on_resume = $8
     where id = $1`,
    [campaignId, state, command === 'launch', ended, now, command === 'resume', pauseReason, repinOnResume],
  );
}
