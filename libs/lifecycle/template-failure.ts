import type { EntityManager } from '@mikro-orm/postgresql';
import { pauseByItself } from './pause-by-itself.js';
import { channelKinds, type Channel } from '../channels/table.js';
import { queryOne } from '../persistence/sql.js';
import { raiseAlert } from '../access/alerts.js';

/**
 * A message could not be written from its template, or not as anybody could be sent it: the next one's would fare no better.
 * Its campaign pauses, with an alert, before that. One that is not live cannot pause; the alert is then about the template.
 * One outside of a campaign is not waited for: it takes the next channel. What a person wrote has no template to fix.
 * @param why what went wrong, without personal data
 * @returns whether fixing the template may help the message
 */
export async function pauseForTemplate(em: EntityManager, messageId: string, channel: Channel, why: string, now: Date): Promise<boolean> {
  return em.transactional(async (tx) => {
    const message = await queryOne<{ campaignId: string | null; template: string }>(
      tx,
      'select campaign_id as "campaignId", template from message where id = $1',
      [messageId],
    );
    if (message === undefined) return false;
    const what = `The template ${message.template} cannot be sent as ${channelKinds.get(channel).words.message}: ${why}.`;
    const alert = { kind: 'files-broken', subject: message.template, detail: what } as const;
    if (message.campaignId === null) {
      if (message.template !== 'reply') await raiseAlert(tx, alert, now);
      return false;
    }
    const reason = `${what} The message waits. Fix the template, publish it, then resume the campaign: all its messages then take the newest templates.`;
    if (await pauseByItself(tx, message.campaignId, reason, now, { repin: true })) return true;
    const campaign = await queryOne<{ state: string }>(tx, 'select state from campaign where id = $1', [message.campaignId]);
    if (campaign?.state === 'completed') await raiseAlert(tx, alert, now);
    return true;
  });
}
