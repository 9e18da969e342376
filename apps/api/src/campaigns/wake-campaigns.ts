import type { Logger } from '../../../../libs/platform/log.js';
import type { CampaignCommands } from './campaign-commands.js';

/** Wakes live campaigns after a relevant change. A failure is not the caller's error: campaigns check again when they next wake. */
export async function wakeCampaigns(commands: CampaignCommands, log: Logger): Promise<void> {
  try {
    await commands.wake();
  } catch (error) {
    log.warn({ err: error }, 'live campaigns could not be signalled');
  }
}
