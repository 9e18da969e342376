import { WorkflowNotFoundError } from '@temporalio/client';
import { campaignsAsking, campaignsScoredBy, enrolIfAbove, rearmOne } from '../../../../libs/campaigns/enrol.js';
import { campaignSignals, campaignWorkflowId } from '../../../../workflows/contract.js';
import type { DomainEvent } from '../../../../libs/outbox/event-kinds.js';
import { timeOf, type Subscriber, type Surroundings } from './subscriber.js';

/** One customer's score crossed a campaign's threshold: upwards, they are enrolled at once; downwards, they may cross again. */
export const followCrossing: Subscriber<'score.crossed'> = async (event, around) => {
  const { campaignId, rose } = event.payload;
  if (rose) await enrol(campaignId, event, around);
  else await rearmOne(around.orm.em.fork(), campaignId, event.customerId, timeOf(event, around));
};

/** A customer whose score is already above a threshold may now be in the audience. */
export const enrolAfterChange: Subscriber<'customer.changed'> = async (event, around) => {
  const { customerId, payload } = event;
  for (const campaignId of await campaignsAsking(around.orm.em.fork(), customerId, payload.fields)) await enrol(campaignId, event, around);
};

/** Many customers were scored: the campaigns with this score check everybody. */
export const lookAtScores: Subscriber<'customers.scored'> = async ({ payload: { score } }, around) => {
  for (const campaignId of await campaignsScoredBy(around.orm.em.fork(), score)) await signal(campaignId, 'wake', around);
};

async function enrol(campaignId: string, event: DomainEvent<'score.crossed' | 'customer.changed'>, around: Surroundings): Promise<void> {
  const waits = await enrolIfAbove(around.orm.em.fork(), campaignId, event.customerId, timeOf(event, around));
  if (waits) await signal(campaignId, 'letIn', around);
}

/** A campaign whose workflow has not started, or has ended, needs no signal: it checks everybody when it starts. */
async function signal(campaignId: string, name: keyof typeof campaignSignals, { workflows }: Surroundings): Promise<void> {
  await workflows
    .getHandle(campaignWorkflowId(campaignId))
    .signal(campaignSignals[name])
    .catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
}
