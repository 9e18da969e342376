import type { MikroORM } from '@mikro-orm/postgresql';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Settings } from '../../../../config/settings.js';
import type { CampaignState } from '../../../../libs/campaigns/campaign.entity.js';
import { type CampaignCommand, nextState } from '../../../../libs/campaigns/campaign-states.js';
import { findCampaign } from '../../../../libs/campaigns/campaigns.js';
import { changeState } from '../../../../libs/lifecycle/change-state.js';
import { lacking, needsOf, needsOfCampaign, type Needs } from '../../../../libs/campaigns/needs.js';
import { expectPinnable, keepVersion, launchableVersion, launchVersion, pinToLatest } from '../../../../libs/campaigns/versions.js';
import { awaitInUse, longestWaitMs } from '../../../../libs/publishing/await-in-use.js';
import type { PublishedContent } from '../../../../libs/publishing/published-content.js';
import { isRunning, runningCampaigns } from '../../../../libs/campaigns/running-campaigns.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import { Problem } from '../../../../libs/platform/problem.js';
import { campaignSignals, campaignUpdates, workflowTypes, type CampaignWorkflow } from '../../../../workflows/contract.js';
import { campaignStart } from '../../../../workflows/starts.js';
import { TemporalCalls } from '../temporal/temporal-calls.js';
import type { CampaignCommands } from './campaign-commands.js';

/** Reaches campaigns through their Temporal workflows. If a campaign should run and its workflow is missing, every call starts it. */
export class TemporalCampaigns implements CampaignCommands {
  private readonly temporal: TemporalCalls;

  constructor(
    private readonly settings: Settings,
    private readonly orm: MikroORM,
    private readonly clock: Clock,
    private readonly content: PublishedContent,
    private readonly waitMs = longestWaitMs,
  ) {
    this.temporal = new TemporalCalls(settings.temporal, 'Campaigns cannot be reached: Temporal is down');
  }

  async command(campaignId: string, command: CampaignCommand): Promise<CampaignState> {
    const em = this.orm.em.fork();
    const { state, version } = await findCampaign(em, campaignId);
    // Refused here already: the caller gets the reason, whether Temporal is up or not.
    const target = nextState(state, command);
    if (command === 'launch' || command === 'resume') {
      await this.temporal.connection();
      await this.awaitReady(await needsOfCampaign(em, campaignId));
    }
    if (isRunning(state)) {
      await this.update(campaignId, state, command, target);
      return target;
    }
    const reached = await em.transactional(async (tx) => {
      if (command === 'launch') await keepVersion(tx, campaignId, version);
      return changeState(tx, campaignId, command, this.clock.now());
    });
    if (isRunning(reached)) await this.wakeOne(campaignId, reached);
    return reached;
  }

  async launchVersion(campaignId: string, version: number): Promise<void> {
    const { definition, treatments, publication } = await launchableVersion(this.orm.em.fork(), campaignId, version);
    const { templates, rules } = needsOf(definition, treatments);
    await this.awaitReady({ templates: publication === null ? templates : [], rules });
    await this.orm.em.fork().transactional((tx) => launchVersion(tx, campaignId, version, this.clock.now()));
    // The version enrols even if this signal is lost: the campaign checks again when it next wakes.
    await this.wake().catch(() => undefined);
  }

  async repin(campaignId: string): Promise<number> {
    const em = this.orm.em.fork();
    await expectPinnable(em, campaignId);
    const { templates } = await needsOfCampaign(em, campaignId, { pinned: false });
    await this.awaitReady({ templates, rules: [] });
    return em.transactional((tx) => pinToLatest(tx, campaignId));
  }

  async wake(): Promise<void> {
    for (const { id, state } of await runningCampaigns(this.orm.em.fork(), ['live'])) await this.wakeOne(id, state);
  }

  ready(): Promise<boolean> {
    return this.temporal.ready();
  }

  close(): Promise<void> {
    return this.temporal.close();
  }

  /** Before customers enter or continue: the publication has everything that the campaign needs, and the processes use it. */
  private async awaitReady(needs: Needs): Promise<void> {
    await this.content.loadLatest();
    const places = lacking(needs, this.content.latest.templates.keys).map((what) => ({ where: 'what is published', what }));
    if (places.length > 0)
      throw new Problem('conflict', 'The campaign needs content that is not published', places, 'Publish it, and try again.');
    await awaitInUse(this.orm.em.fork(), this.content.version, this.waitMs);
  }

  private async wakeOne(campaignId: string, state: CampaignState): Promise<void> {
    await this.temporal.call((client) =>
      client.signalWithStart<CampaignWorkflow>(workflowTypes.campaign, {
        ...this.workflow(campaignId, state),
        signal: campaignSignals.wake,
        signalArgs: [],
      }),
    );
  }

  private async update(campaignId: string, state: CampaignState, command: CampaignCommand, target: CampaignState): Promise<void> {
    const startWorkflowOperation = new WithStartWorkflowOperation<CampaignWorkflow>(workflowTypes.campaign, {
      ...this.workflow(campaignId, state),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    try {
      await this.temporal.call((client) =>
        client.executeUpdateWithStart(campaignUpdates.command, { args: [command], startWorkflowOperation }),
      );
    } catch (error) {
      // The state changes first and the journeys are notified afterwards; if it has changed, the rest will follow.
      const now = await findCampaign(this.orm.em.fork(), campaignId);
      if (now.state !== target) throw error;
    }
  }

  private workflow(campaignId: string, state: CampaignState) {
    return campaignStart(campaignId, state, { clock: this.settings.clock, taskQueue: this.settings.temporal.taskQueue });
  }
}
