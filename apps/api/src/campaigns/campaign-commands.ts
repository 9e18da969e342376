import type { CampaignState } from '../../../../libs/campaigns/campaign.entity.js';
import type { CampaignCommand } from '../../../../libs/campaigns/campaign-states.js';

/** How the api reaches campaigns that run. */
export interface CampaignCommands {
  /**
   * Carries out a marketer's command.
   * @throws Problem `conflict` if the campaign's state forbids it, `unavailable` if nobody can carry it out now
   */
  command(campaignId: string, command: CampaignCommand): Promise<CampaignState>;
  /**
   * Lets another version of a launched campaign enrol from now on.
   * @throws Problem as launchVersion of libs/campaigns, and as awaitTakenIn if those who do the work are not ready
   */
  launchVersion(campaignId: string, version: number): Promise<void>;
  /**
   * Lets all further messages of a launched campaign be written from the newest templates.
   * @returns the publication that has them
   * @throws Problem as launchVersion
   */
  repin(campaignId: string): Promise<number>;
  /** Signals every live campaign that somebody may have crossed its trigger. @throws Problem `unavailable` */
  wake(): Promise<void>;
  /** Whether a command would be heard now. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/** Where the CampaignCommands are injected. */
export const CAMPAIGN_COMMANDS = Symbol('CampaignCommands');
