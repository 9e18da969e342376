import type { MikroORM } from '@mikro-orm/postgresql';
import type { Settings } from '../../../config/settings.js';
import { askProcesses } from '../../../libs/campaigns/ask-processes.js';
import type { Needs, KnowingProcess } from '../../../libs/campaigns/knowledge.js';
import type { Clock } from '../../../libs/platform/clock.js';
import { openTemplates } from '../../../libs/messaging/templates/template-folder.js';
import { messageOf } from '../../../libs/platform/message-of.js';
import { Problem } from '../../../libs/platform/problem.js';
import { projectFile } from '../../../libs/platform/project-file.js';
import { TemporalCampaigns } from '../../api/src/campaigns/temporal-campaigns.js';
import { knowingProcess } from '../../hosting/presence.js';
import { isRunning, withProduct } from './running.js';
import { templateParts } from '../../../libs/messaging/channels/template-parts.js';

/** What a command knows: the files beside it, as they are now. */
export const filesHere = (company: string): Promise<KnowingProcess> =>
  knowingProcess('this command', openTemplates(projectFile('config', 'templates'), templateParts, company));

/** Asks a product that runs whether it knows what a campaign needs, as the files here have it. @returns what there is to say where it could not be asked */
export async function askWhereRunning(dataDir: string, needs: Needs): Promise<string | undefined> {
  if (!(await isRunning(dataDir))) return 'Nothing is running here, so it was not compared with your customers.';
  try {
    await withProduct(dataDir, async ({ orm, settings }) =>
      askProcesses(orm.em.fork(), needs, await filesHere(settings.defaultLocale), validatePatienceMs),
    );
    return undefined;
  } catch (error) {
    if (error instanceof Problem && error.kind === 'conflict') throw error;
    return `The running product could not be asked, nor its customers compared: ${messageOf(error)}`;
  }
}
const validatePatienceMs = 3_000;

/** Reaches the running campaigns for one command, by the same way as the api. */
export async function withCampaigns<Result>(
  settings: Settings,
  orm: MikroORM,
  clock: Clock,
  work: (campaigns: TemporalCampaigns) => Promise<Result>,
): Promise<Result> {
  const campaigns = new TemporalCampaigns(settings, orm, clock, () => filesHere(settings.defaultLocale));
  try {
    return await work(campaigns);
  } finally {
    await campaigns.close();
  }
}
