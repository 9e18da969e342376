import { proxyActivities, setWorkflowOptions } from '@temporalio/workflow';
import type { SweepActivities, SweepArguments, SweptScore } from './contract.js';

const activities = proxyActivities<SweepActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute', nonRetryableErrorTypes: ['Problem'] },
});

// A night's work: one that is under way goes on with the build that is there.
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, sweep);

type Begun = Awaited<ReturnType<SweepActivities['beginSweep']>>;
type Place = Awaited<ReturnType<SweepActivities['sweepShard']>>['place'];

/** Scores everybody again, kind by kind, wherever a score may have changed. The shards of a kind go on side by side, each slice by slice. */
export async function sweep({ kinds }: SweepArguments): Promise<readonly SweptScore[]> {
  const swept: SweptScore[] = [];
  for (const kind of kinds ?? (await activities.kindsInUse())) {
    const { sweepId, shards } = await activities.beginSweep(kind);
    const places = await Promise.all(shards.map((shard) => toTheEnd(sweepId, shard)));
    swept.push(await activities.finishSweep({ sweepId, places }));
  }
  return swept;
}

async function toTheEnd(sweepId: string, shard: Begun['shards'][number]): Promise<Place> {
  let next = await activities.sweepShard({ sweepId, shard });
  while (!next.done) next = await activities.sweepShard({ sweepId, shard, place: next.place });
  return next.place;
}
