import type { EntityManager } from '@mikro-orm/postgresql';
import { lockCampaign } from '../campaigns/campaign-lock.js';
import { pauseAutomatically } from './pause-automatically.js';
import { channelKinds, channels, type Channel } from '../channels/table.js';
import { query } from '../persistence/sql.js';
import type { RateLimit } from '../channels/contract/channel-limits.js';
import type { SendingLimits } from '../messaging/providers/sending-limits.js';

/** The results of the last messages of a campaign on a channel. */
export interface ChannelHealth {
  readonly campaignId: string;
  readonly channel: Channel;
  readonly sent: number;
  /** Bounced, or were refused because the address does not exist. */
  readonly bounced: number;
  /** Were marked as spam (RFC 5965). */
  readonly complained: number;
}

/** Why a campaign has to pause, as a sentence for a person; null if it does not. Pure. @param limits the limits of its channel */
export function pauseReason({ channel, sent, bounced, complained }: ChannelHealth, limits: SendingLimits): string | null {
  const { bounces, complaints } = limits[channel];
  const of = `of the last ${figure(sent)} messages by ${channelKinds.get(channel).words.called}`;
  if (isAbove(bounced, sent, bounces)) {
    return `${figure(bounced)} ${of} came back (${percent(bounced / sent)}); the limit is ${percent(bounces.share)}.`;
  }
  if (isAbove(complained, sent, complaints)) {
    return `${figure(complained)} ${of} were reported as spam (${percent(complained / sent)}); the limit is ${percent(complaints.share)}.`;
  }
  return null;
}

function isAbove(count: number, sent: number, { share, atLeast, fewest }: RateLimit): boolean {
  return sent >= atLeast && count >= fewest && count > share * sent;
}

const figure = (value: number): string => value.toLocaleString('en');
const percent = (share: number): string => `${(share * 100).toLocaleString('en', { maximumFractionDigits: 2 })}%`;

/**
 * Pauses every live campaign with too many bounces or complaints, in the same way as a person would, with a stored reason and an alert. A
 * resume by a person ends both, and earlier messages no longer count.
 * @returns the ids of the paused campaigns
 */
export async function guardCampaigns(em: EntityManager, limits: SendingLimits, now: Date): Promise<string[]> {
  const suspects = new Set<string>();
  for (const health of await readHealth(em, null, limits)) {
    if (pauseReason(health, limits) !== null) suspects.add(health.campaignId);
  }
  const paused: string[] = [];
  for (const campaignId of suspects) if (await em.transactional((tx) => pauseIfIll(tx, campaignId, limits, now))) paused.push(campaignId);
  return paused;
}

/** Checks again under the campaign's lock: another dispatcher may have paused it, or a person resumed it. */
async function pauseIfIll(tx: EntityManager, campaignId: string, limits: SendingLimits, now: Date): Promise<boolean> {
  await lockCampaign(tx, campaignId);
  const [reason] = (await readHealth(tx, campaignId, limits)).flatMap((health) => pauseReason(health, limits) ?? []);
  return reason !== undefined && (await pauseAutomatically(tx, campaignId, reason, now));
}

/**
 * Counts the last messages of live campaigns by channel, since their last resume. A bounded part of one index for each.
 * @param campaignId only this one; null for all
 */
async function readHealth(em: EntityManager, campaignId: string | null, limits: SendingLimits): Promise<ChannelHealth[]> {
  return query<ChannelHealth>(
    em,
    `select g.id as "campaignId", l.channel, h.*
     from campaign g
     cross join unnest($2::text[], $3::int[]) as l (channel, last)
     cross join lateral (
       select count(*) filter (where m.state <> 'rejected' or m.nobody) as sent,
         count(*) filter (where m.state = 'bounced' or m.nobody) as bounced,
         count(r.message_id) as complained
       from (
         select m.id, m.state, m.state = 'rejected' and m.error_class = 'dead-address' as nobody
         from message m
         where m.campaign_id = g.id and m.channel = l.channel and m.state in ('accepted', 'delivered', 'bounced', 'rejected')
           and m.settled_at >= coalesce(g.resumed_at, g.launched_at, g.created_at)
         order by m.settled_at desc limit l.last
       ) m
       left join (select distinct message_id from response where answer = 'complaint' and reported) r on r.message_id = m.id
     ) h
     where g.state = 'live' and ($1::uuid is null or g.id = $1)
     order by g.id, l.channel`,
    [campaignId, channels, channels.map((channel) => limits[channel].last)],
  );
}
