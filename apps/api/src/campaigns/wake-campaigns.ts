import type { Logger } from '../../../../libs/platform/log.js';
import type { CampaignCommands } from './campaign-commands.js';

/** Wakes live campaigns after something was stored that concerns them. A failure is no error of the caller's: they look again when they next wake. */
export async function wakeCampaigns(commands: CampaignCommands, log: Logger): Promise<void> {
  try {
    await commands.wake();
  } catch (error) {
    log.warn({ err: error }, 'live campaigns could not be signalled');
  }
}
