import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { raiseAlert } from '../access/alerts.js';
import { lockCampaign } from '../campaigns/campaign-lock.js';
import { campaignState } from '../campaigns/running-campaigns.js';
import { changeState } from './change-state.js';
import { needsOf, whyUnreadable } from '../campaigns/needs.js';
import { isAtWork, type StoredVersion } from '../campaigns/versions.js';

/**
 * Pauses a live campaign in the same way as a person would, with a stored reason and an alert. A resume by a person ends both.
 * @param reason one sentence for a person
 * @param repin whether a resume takes the newest templates
 * @returns whether it was live
 */
export async function pauseAutomatically(
  tx: EntityManager,
  campaignId: string,
  reason: string,
  now: Date,
  { repin = false }: { readonly repin?: boolean } = {},
): Promise<boolean> {
  await lockCampaign(tx, campaignId);
  if ((await campaignState(tx, campaignId)) !== 'live') return false;
  await changeState(tx, campaignId, 'pause', now, { reason, repin });
  await raiseAlert(tx, { kind: 'campaign-paused', subject: campaignId, detail: reason }, now);
  return true;
}

/**
 * Pauses every live campaign whose rules a process cannot read, before that affects a customer. All versions with customers inside count.
 * @param who the process, as in `dispatcher`
 * @returns the ids of the paused campaigns
 */
export async function pauseWhatCannotBeRead(em: EntityManager, who: string, now: Date): Promise<string[]> {
  const versions = await query<StoredVersion & { readonly campaignId: string }>(
    em,
    `select k.id as "campaignId", v.definition, v.treatments from campaign k join campaign_version v on v.campaign_id = k.id
     where k.state = 'live' and ${isAtWork} order by k.id, v.version`,
  );
  const paused: string[] = [];
  for (const { campaignId, definition, treatments } of versions) {
    const [lack] = needsOf(definition, treatments).rules.flatMap((rule) => whyUnreadable(rule));
    if (lack === undefined) continue;
    const reason = `The ${who}: ${lack}. Fix that, then resume the campaign.`;
    if (await em.transactional((tx) => pauseAutomatically(tx, campaignId, reason, now))) paused.push(campaignId);
  }
  return paused;
}
