import type { CampaignState } from '../libs/campaigns/campaign.entity.js';
import type { ClockRate } from '../libs/platform/clock.js';
import { campaignWorkflowId, journeyId, type CampaignArguments, type JourneyArguments } from './contract.js';

interface Where {
  readonly clock: ClockRate;
  readonly taskQueue: string;
}

/** What every start of a campaign's workflow says, whoever starts it. The state is that of its row in PostgreSQL. */
export function campaignStart(campaignId: string, state: CampaignState, { clock, taskQueue }: Where) {
  const args: [CampaignArguments] = [{ campaignId, clock, phase: state }];
  return { workflowId: campaignWorkflowId(campaignId), taskQueue, args };
}

/** What every start of a journey's workflow says. Again for the same enrolment, it leaves the journey that runs alone. */
export function journeyStart(enrolmentId: string, { clock, taskQueue }: Where) {
  const args: [JourneyArguments] = [{ enrolmentId, clock }];
  return {
    workflowId: journeyId(enrolmentId),
    taskQueue,
    args,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  } as const;
}
