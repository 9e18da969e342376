import type { EntityManager } from '@mikro-orm/postgresql';
import { clearAlert } from '../access/alerts.js';
import { lockCampaign, lockState } from '../campaigns/campaign-lock.js';
import type { CampaignState } from '../campaigns/campaign.entity.js';
import { nextState, type CampaignCommand } from '../campaigns/campaign-states.js';
import { markLaunched, pinToLatest } from '../campaigns/versions.js';
import { writeState } from '../campaigns/write-state.js';
import { withdrawLeftOffers } from '../offers/settle-offer.js';
import { queryOne } from '../persistence/sql.js';
import { notFound } from '../platform/problem.js';

/**
 * Performs a command on a campaign.
 *
 * From its commit on nobody is enrolled or admitted, and nothing is sent, unless the campaign is live (or, for enrolments inside,
 * completed). `carryOutPage` does everything else that the new state requires for enrolments inside, from one to a million.
 * @param automatic why it pauses automatically, as a sentence for a person, and whether a resume then takes the newest templates; any
 *   command ends it, and the alert about it
 * @throws Problem not-found; Problem conflict if the state forbids the command
 */
export async function changeState(
  tx: EntityManager,
  campaignId: string,
  command: CampaignCommand,
  now: Date,
  automatic: { readonly reason: string | null; readonly repin?: boolean } = { reason: null },
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
  // Before the campaign's own row: code that ends an offer locks the offer first.
  if (state === 'cancelled') await withdrawLeftOffers(tx, campaignId, now);
  await writeState(tx, campaignId, { state, command, pauseReason: automatic.reason, repinOnResume: automatic.repin === true }, now);
  if (command === 'launch') await markLaunched(tx, campaignId, now);
  if (command === 'resume' && campaign.repin) await pinToLatest(tx, campaignId);
  await clearAlert(tx, 'campaign-paused', campaignId, now);
  return state;
}
