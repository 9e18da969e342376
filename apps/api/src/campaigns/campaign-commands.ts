import type { CampaignState } from '../../../../libs/campaigns/campaign.entity.js';
import type { CampaignCommand } from '../../../../libs/campaigns/campaign-states.js';

/** How the api reaches running campaigns. */
export interface CampaignCommands {
  /**
   * Carries out a marketer's command.
   * @throws Problem `conflict` if the campaign's state forbids it, `unavailable` if nobody can carry it out now
   */
  command(campaignId: string, command: CampaignCommand): Promise<CampaignState>;
  /**
   * Makes another version of a launched campaign the one that enrols.
   * @throws Problem as launchVersion of libs/campaigns, and as awaitInUse if the processes are not ready
   */
  launchVersion(campaignId: string, version: number): Promise<void>;
  /**
   * Makes all further messages of a launched campaign use the newest templates.
   * @returns the publication that has them
   * @throws Problem as launchVersion
   */
  repin(campaignId: string): Promise<number>;
  /** Signals every live campaign that a customer may have crossed its trigger. @throws Problem `unavailable` */
  wake(): Promise<void>;
  /** Whether a command would be delivered now. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/** The injection token of CampaignCommands. */
export const CAMPAIGN_COMMANDS = Symbol('CampaignCommands');
