import '../../hosting/node-version.js';
import { fileURLToPath } from 'node:url';
import { Connection, ScheduleClient, WorkflowClient } from '@temporalio/client';
import { IllegalStateError } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { createCampaignActivities } from '../../../activities/campaign.js';
import { createJourneyActivities } from '../../../activities/journey.js';
import { createSweepActivities } from '../../../activities/sweep.js';
import type { Settings } from '../../../config/settings.js';
import { channelsSetUp } from '../../../libs/channels/set-up.js';
import { createHints } from '../../../libs/messaging/dispatch/hints.js';
import { policyInForce } from '../../../libs/publishing/policy.js';
import { openOrm } from '../../../libs/schema/orm.js';
import { createClock } from '../../../libs/platform/clock.js';
import { createLogger, type DestinationStream, type Logger } from '../../../libs/platform/log.js';
import { messageOf } from '../../../libs/platform/message-of.js';
import { Problem } from '../../../libs/platform/problem.js';
import { openHealthAddress } from '../../hosting/health-address.js';
import { askAll, postgresqlAnswers, temporalAnswers } from '../../hosting/health.js';
import { openContent } from '../../hosting/open-content.js';
import { keepPresence } from '../../hosting/presence.js';
import { runAsMain } from '../../hosting/run-as-main.js';
import { ContractEnds } from './contract-ends.js';
import { buildIdOf, deploymentOptions, takeOver } from './deployment.js';
import { ensureCampaigns } from './ensure-campaigns.js';
import { ensureSweeps } from './ensure-sweeps.js';
import { EventRelay } from './events/event-relay.js';
import { deliverTo, subscribers, unsubscribedKinds } from './events/subscribers.js';

const bundle = fileURLToPath(new URL('../../../workflow-bundle.js', import.meta.url));

export interface StartOptions {
  /** The workflows' code; the one that the build left beside the compiled program unless set otherwise. */
  readonly workflowBundle?: WorkflowBundleOption;
  /** The files to publish if nothing was ever published; by default the project's own. */
  readonly contentFolder?: string;
  /** Where log lines go, instead of standard error. */
  readonly logTo?: DestinationStream | undefined;
}

/** Runs the journeys and campaigns until it is closed; closing lets running work finish. */
export async function start(
  settings: Settings,
  { workflowBundle = { codePath: bundle }, contentFolder, logTo }: StartOptions = {},
): Promise<{ close(): Promise<void>; failed: Promise<never>; health: string | undefined }> {
  const log = createLogger('worker', settings.logLevel, logTo);
  const { address, namespace, taskQueue, deployment, buildId } = settings.temporal;
  installRuntime(log);
  const health = settings.workerHealth && (await openHealthAddress(settings.workerHealth));

  const orm = await openOrm(settings.database);
  const clock = createClock(settings.clock);
  const content = await openContent(orm, settings.defaultLocale, clock, contentFolder);
  const policy = policyInForce(content, channelsSetUp(settings));
  const hints = createHints(settings.redis.url, log);
  const connection = await Connection.connect({ address }).catch((cause: unknown) => {
    throw temporalAway(address, cause);
  });
  const native = await NativeConnection.connect({ address });
  const workflows = new WorkflowClient({ connection, namespace });
  const version = { deploymentName: deployment, buildId: await buildIdOf(workflowBundle, buildId) };
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    workflowBundle,
    workerDeploymentOptions: deploymentOptions(version),
    activities: {
      ...createJourneyActivities({ orm, clock, hints, policy }),
      ...createSweepActivities({ orm, clock }),
      ...createCampaignActivities({ orm, workflows, clock, rate: settings.clock, taskQueue, launchWindow: settings.launchWindow }),
    },
    maxCachedWorkflows: 500,
    shutdownGraceTime: '10 seconds',
  });
  const presence = await keepPresence({ orm, kind: 'worker', content, clock, log });
  const running = worker.run();
  const isNew = await takeOver(connection, namespace, version);
  const relay = new EventRelay(
    orm,
    deliverTo(subscribers, { orm, workflows, clock, rate: settings.clock, taskQueue }),
    unsubscribedKinds(subscribers),
    clock,
    log,
  );
  relay.start();
  const contractEnds = new ContractEnds(orm, clock, log);
  contractEnds.start();
  await ensureCampaigns(orm.em.fork(), workflows, settings);
  await ensureSweeps(new ScheduleClient({ connection, namespace }), settings);
  const checks = {
    postgresql: () => postgresqlAnswers(orm),
    temporal: () => temporalAnswers(connection),
    polling: () => worker.getState() === 'RUNNING',
    relay: () => relay.pulse.steady,
  };
  health?.report(() => askAll(checks, log));
  log.info({ taskQueue, build: version.buildId, isNew, health: health?.url }, 'worker is up');

  return {
    failed: running.then(() => new Promise<never>(() => undefined)),
    health: health?.url,
    close: async () => {
      await health?.close();
      await presence.close();
      await relay.stop();
      await contractEnds.stop();
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
      await Promise.all([native.close(), connection.close(), hints.close()]);
      await orm.close();
    },
  };
}

function temporalAway(address: string, cause: unknown): Problem {
  return new Problem(
    'unavailable',
    `Temporal at ${address} does not answer (${messageOf(cause)})`,
    [],
    'Start it, or correct PERENNIAL_TEMPORAL_ADDRESS.',
  );
}

/** One for each process: in a bench or a test it may already exist. */
function installRuntime(log: Logger): void {
  try {
    Runtime.install({
      logger: new DefaultLogger('WARN', ({ level, message, meta: { error, ...meta } = {} }) =>
        log.warn({ level, meta, ...(error !== undefined && { err: error }) }, message),
      ),
      shutdownSignals: [],
    });
  } catch (error) {
    if (!(error instanceof IllegalStateError)) throw error;
  }
}

await runAsMain(import.meta, start);
