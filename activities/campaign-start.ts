import type { CampaignState } from '../libs/campaigns/campaign.entity.js';
import type { ClockRate } from '../libs/platform/clock.js';
import { campaignWorkflowId } from './journey-id.js';

/** What every start of a campaign's workflow says, whoever starts it. The state is that of its row in PostgreSQL. */
export function campaignStart(campaignId: string, state: CampaignState, { clock, taskQueue }: { clock: ClockRate; taskQueue: string }) {
  return { workflowId: campaignWorkflowId(campaignId), taskQueue, args: [{ campaignId, clock, phase: state }] };
}
