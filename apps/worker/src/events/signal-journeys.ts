import { WorkflowNotFoundError } from '@temporalio/client';
import { journeyId, journeySignals } from '../../../../workflows/contract.js';
import {
  isOpen,
  signalsOfChange,
  signalsOfErasure,
  signalsOfFailure,
  signalsOfResponse,
  type SignalToJourney,
} from '../../../../libs/campaigns/signals.js';
import type { Subscriber, Surroundings } from './subscriber.js';

export const signalFailure: Subscriber<'message.failed'> = async (event, around) =>
  signalAll(event.id, await signalsOfFailure(around.orm.em.fork(), event), around);

export const signalResponse: Subscriber<'response.received'> = async (event, around) =>
  signalAll(event.id, await signalsOfResponse(around.orm.em.fork(), event), around);

export const signalChange: Subscriber<'customer.changed'> = async (event, around) =>
  signalAll(event.id, await signalsOfChange(around.orm.em.fork(), event, around.clock.now()), around);

export const signalErasure: Subscriber<'customer.erased'> = async (event, around) =>
  signalAll(event.id, await signalsOfErasure(around.orm.em.fork(), event), around);

/** Journeys know the id of an event that they have heard. */
async function signalAll(eventId: string, signals: readonly SignalToJourney[], around: Surroundings): Promise<void> {
  for (const each of signals) await signalOne(eventId, each, around);
}

/** @throws where the journey could not be reached, or has yet to start. One that has ended meanwhile need not hear. */
async function signalOne(eventId: string, { enrolmentId, signal }: SignalToJourney, { orm, workflows }: Surroundings): Promise<void> {
  try {
    await workflows.getHandle(journeyId(enrolmentId)).signal(journeySignals.deliver, { id: eventId, signal });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError && !(await isOpen(orm.em.fork(), enrolmentId))) return;
    throw error;
  }
}
