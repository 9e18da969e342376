import { condition, defineSignal, proxyLocalActivities, setHandler } from '@temporalio/workflow';

export interface BareActivities {
  nothing(): Promise<void>;
  parked(): Promise<void>;
}

export const answer = defineSignal('answer');

const { nothing, parked } = proxyLocalActivities<BareActivities>({ startToCloseTimeout: '20 seconds' });

/** The floor: as many local activities, timers and signals as a journey has, none of which does anything. */
export async function bare(before: number, after: number): Promise<void> {
  let answered = false;
  setHandler(answer, () => {
    answered = true;
  });
  for (let index = 1; index < before; index += 1) await nothing();
  await parked();
  await condition(() => answered, '4 days');
  for (let index = 0; index < after; index += 1) await nothing();
}
