import type { MikroORM } from '@mikro-orm/postgresql';
import type { Settings } from '../../../config/settings.js';
import type { Clock } from '../../../libs/platform/clock.js';
import { PublishedContent } from '../../../libs/publishing/published-content.js';
import { TemporalCampaigns } from '../../api/src/campaigns/temporal-campaigns.js';

/** Connects one command to the running campaigns, in the same way as the api. */
export async function withCampaigns<Result>(
  settings: Settings,
  orm: MikroORM,
  clock: Clock,
  work: (campaigns: TemporalCampaigns) => Promise<Result>,
): Promise<Result> {
  const content = new PublishedContent(() => orm.em.fork(), settings.defaultLocale);
  const campaigns = new TemporalCampaigns(settings, orm, clock, content);
  try {
    return await work(campaigns);
  } finally {
    await campaigns.close();
  }
}
