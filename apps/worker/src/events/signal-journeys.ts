import { WorkflowNotFoundError } from '@temporalio/client';
import { journeyId, journeySignals, workflowTypes, type DeliveredSignal } from '../../../../workflows/contract.js';
import { journeyStart } from '../../../../workflows/starts.js';
import {
  isOpen,
  signalsOfChange,
  signalsOfErasure,
  signalsOfFailure,
  signalsOfResponse,
  unstartedJourney,
  type SignalToJourney,
} from '../../../../libs/campaigns/signals.js';
import { timeOf, type Subscriber, type Surroundings } from './subscriber.js';

export const signalFailure: Subscriber<'message.failed'> = async (event, around) =>
  signalAll(event.id, await signalsOfFailure(around.orm.em.fork(), event), around);

export const signalResponse: Subscriber<'response.received'> = async (event, around) =>
  signalAll(event.id, await signalsOfResponse(around.orm.em.fork(), event), around);

export const signalChange: Subscriber<'customer.changed'> = async (event, around) =>
  signalAll(event.id, await signalsOfChange(around.orm.em.fork(), event, timeOf(event, around)), around);

export const signalErasure: Subscriber<'customer.erased'> = async (event, around) =>
  signalAll(event.id, await signalsOfErasure(around.orm.em.fork(), event), around);

/** Journeys remember the id of an event that they have handled. */
async function signalAll(eventId: string, signals: readonly SignalToJourney[], around: Surroundings): Promise<void> {
  for (const each of signals) await signalOne(eventId, each, around);
}

/**
 * The signal starts a journey that was admitted and has not started; a journey that has ended in the meantime needs no signal.
 * @throws if
 * the journey could not be reached
 */
async function signalOne(eventId: string, { enrolmentId, signal }: SignalToJourney, around: Surroundings): Promise<void> {
  const { orm, workflows, rate, taskQueue } = around;
  const delivered: [DeliveredSignal] = [{ id: eventId, signal }];
  try {
    await workflows.getHandle(journeyId(enrolmentId)).signal(journeySignals.deliver, ...delivered);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const unstarted = await unstartedJourney(orm.em.fork(), enrolmentId);
    if (unstarted !== undefined) {
      const start = journeyStart(unstarted, { clock: rate, taskQueue });
      await workflows.signalWithStart(workflowTypes.journey, { ...start, signal: journeySignals.deliver, signalArgs: delivered });
    } else if (await isOpen(orm.em.fork(), enrolmentId)) throw error;
  }
}
