import type { EntityManager } from '@mikro-orm/postgresql';
import { clearAlert } from '../access/alerts.js';
import { lockCampaign, lockState } from '../campaigns/campaign-lock.js';
import type { CampaignState } from '../campaigns/campaign.entity.js';
import { nextState, type CampaignCommand } from '../campaigns/campaign-states.js';
import { markLaunched, pinToLatest } from '../campaigns/versions.js';
import { withdrawLeftOffers } from '../offers/settle-offer.js';
import { query, queryOne } from '../persistence/sql.js';
import { notFound } from '../platform/problem.js';

/**
 * Performs a command on a campaign.
 *
 * From its commit on nobody is enrolled or let in, and nothing is sent, unless the campaign is live (or, of those inside,
 * completed). What else the new state asks for those inside, from one to a million, is done by `carryOutPage`.
 * @param byItself why it pauses by itself, as a sentence for a person, and whether a resume then takes the newest templates; any
 *   command ends it, and the alert about it
 * @throws Problem not-found; Problem conflict where the state forbids the command
 */
export async function changeState(
  tx: EntityManager,
  campaignId: string,
  command: CampaignCommand,
  now: Date,
  byItself: { readonly reason: string | null; readonly repin?: boolean } = { reason: null },
): Promise<CampaignState> {
  await lockCampaign(tx, campaignId);
  await lockState(tx, campaignId);
  const campaign = await queryOne<{ state: CampaignState; repin: boolean }>(
    tx,
    'select state, repin_on_resume as repin from campaign where id = $1',
    [campaignId],
  );
  if (campaign === undefined) throw notFound('campaign', campaignId);
  const state = nextState(campaign.state, command);
  const ended = state === 'cancelled' || state === 'completed';
  // Before the campaign's own row: whoever ends an offer takes the offer first.
  if (state === 'cancelled') await withdrawLeftOffers(tx, campaignId, now);
  await query(
    tx,
    `update campaign set state = $2, launched_at = case when $3 then $5 else launched_at end, ended_at = case when $4 then $5 end,
       resumed_at = case when $6 then $5 else resumed_at end, pause_reason = $7, repin_on_resume = $8
     where id = $1`,
    [campaignId, state, command === 'launch', ended, now, command === 'resume', byItself.reason, byItself.repin === true],
  );
  if (command === 'launch') await markLaunched(tx, campaignId, now);
  if (command === 'resume' && campaign.repin) await pinToLatest(tx, campaignId);
  await clearAlert(tx, 'campaign-paused', campaignId, now);
  return state;
}
