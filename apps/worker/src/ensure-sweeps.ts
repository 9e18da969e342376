import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type ScheduleClient, type ScheduleOptions } from '@temporalio/client';
import type { Settings } from '../../../config/settings.js';
import { workflowTypes } from '../../../workflows/contract.js';

/** The one schedule by which everybody is scored again. */
export const sweepScheduleId = 'score-sweep';

/**
 * Has everybody scored again as the settings say, by a Temporal Schedule: one sweep at a time, and one that was missed while Temporal was
 * down is made up for. Where the clock is fast, or the settings say `never`, there is no schedule.
 */
export async function ensureSweeps(schedules: ScheduleClient, { sweeps, clock, temporal }: Settings): Promise<void> {
  const handle = schedules.getHandle(sweepScheduleId);
  if (sweeps === null || clock.speed !== 1) {
    await handle.delete().catch(() => undefined);
    return;
  }
  const options: ScheduleOptions = {
    scheduleId: sweepScheduleId,
    spec: { calendars: [{ hour: sweeps.hour, minute: sweeps.minute }], timezone: sweeps.timeZone },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12 hours' },
    action: { type: 'startWorkflow', workflowType: workflowTypes.sweep, taskQueue: temporal.taskQueue, args: [{}], workflowId: 'sweep' },
  };
  try {
    await schedules.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await handle.update(({ state }) => ({ ...options, state }));
  }
}
