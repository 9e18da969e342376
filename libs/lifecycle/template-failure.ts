import type { EntityManager } from '@mikro-orm/postgresql';
import { pauseAutomatically } from './pause-automatically.js';
import { channelKinds, type Channel } from '../channels/table.js';
import { queryOne } from '../persistence/sql.js';
import { raiseAlert } from '../access/alerts.js';

/**
 * Called when a message could not be rendered from its template, or its result cannot be sent to anybody, so that the next message would
 * fail too. Its campaign pauses, with an alert. A campaign that is not live cannot pause; the alert is then about the template. A message
 * outside of a campaign does not wait: it uses the next channel. A person's reply has no template to fix.
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
    if (await pauseAutomatically(tx, message.campaignId, reason, now, { repin: true })) return true;
    const campaign = await queryOne<{ state: string }>(tx, 'select state from campaign where id = $1', [message.campaignId]);
    if (campaign?.state === 'completed') await raiseAlert(tx, alert, now);
    return true;
  });
}
