import type { EntityManager } from '@mikro-orm/postgresql';
import type { WorkflowClient } from '@temporalio/client';
import type { Settings } from '../../../config/settings.js';
import { runningCampaigns } from '../../../libs/campaigns/running-campaigns.js';
import { workflowTypes, type CampaignWorkflow } from '../../../workflows/contract.js';
import { campaignStart } from '../../../workflows/starts.js';

/**
 * Makes sure that every running campaign has its workflow: the next worker that starts finishes a launch that died between PostgreSQL and
 * Temporal.
 */
export async function ensureCampaigns(em: EntityManager, workflows: WorkflowClient, settings: Settings): Promise<void> {
  for (const { id, state } of await runningCampaigns(em)) {
    await workflows.start<CampaignWorkflow>(workflowTypes.campaign, {
      ...campaignStart(id, state, { clock: settings.clock, taskQueue: settings.temporal.taskQueue }),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  }
}
