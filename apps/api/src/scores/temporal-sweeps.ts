import type { Settings } from '../../../../config/settings.js';
import type { ScoreName } from '../../../../libs/scores/kinds/table.js';
import { workflowTypes, type SweepWorkflow } from '../../../../workflows/contract.js';
import { sweepStart } from '../../../../workflows/starts.js';
import { TemporalCalls } from '../temporal/temporal-calls.js';
import type { ScoreSweeps } from './score-sweeps.js';

/** Starts sweeps as Temporal workflows. */
export class TemporalSweeps implements ScoreSweeps {
  private readonly temporal: TemporalCalls;

  constructor(private readonly settings: Settings) {
    this.temporal = new TemporalCalls(settings.temporal, 'No sweep can be started: Temporal is down');
  }

  async start(kind: ScoreName): Promise<string> {
    const start = sweepStart(kind, this.settings.temporal.taskQueue);
    await this.temporal.call((client) => client.start<SweepWorkflow>(workflowTypes.sweep, start));
    return start.workflowId;
  }

  close(): Promise<void> {
    return this.temporal.close();
  }
}
