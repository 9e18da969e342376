import type { CampaignState } from '../libs/campaigns/campaign.entity.js';
import type { ClockRate } from '../libs/platform/clock.js';
import {
  campaignWorkflowId,
  journeyId,
  searchAttributes,
  type CampaignArguments,
  type JourneyArguments,
  type SweepArguments,
} from './contract.js';

interface Where {
  readonly clock: ClockRate;
  readonly taskQueue: string;
}

interface ForWhom {
  readonly enrolmentId: string;
  readonly campaignId: string;
  readonly customerId: string;
}

/** The options of every start of a campaign's workflow. The state is that of its row in PostgreSQL. */
export function campaignStart(campaignId: string, state: CampaignState, { clock, taskQueue }: Where) {
  const args: [CampaignArguments] = [{ campaignId, clock, phase: state }];
  const typedSearchAttributes = [{ key: searchAttributes.campaignId, value: campaignId }];
  return { workflowId: campaignWorkflowId(campaignId), taskQueue, args, typedSearchAttributes };
}

/** The options of every start of a journey's workflow. A second start for the same enrolment does not change the running journey. */
export function journeyStart({ enrolmentId, campaignId, customerId }: ForWhom, { clock, taskQueue }: Where) {
  const args: [JourneyArguments] = [{ enrolmentId, clock }];
  const typedSearchAttributes = [
    { key: searchAttributes.campaignId, value: campaignId },
    { key: searchAttributes.customerId, value: customerId },
  ];
  const repeated = { workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'REJECT_DUPLICATE' } as const;
  return { workflowId: journeyId(enrolmentId), taskQueue, args, typedSearchAttributes, ...repeated };
}

/** The options of a sweep of one kind of score that somebody asked for. While it runs, a second start does nothing more. */
export function sweepStart(kind: string, taskQueue: string) {
  const args: [SweepArguments] = [{ kinds: [kind] }];
  return { workflowId: `sweep:${kind}`, taskQueue, args, workflowIdConflictPolicy: 'USE_EXISTING' } as const;
}
