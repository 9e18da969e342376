import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isGrpcServiceError, type Connection } from '@temporalio/client';
import type { WorkerDeploymentOptions, WorkflowBundleOption } from '@temporalio/worker';

/** gRPC's code for what does not exist. */
const notFound = 5;
/** Temporal's WorkerDeploymentVersionStatus of versions that have had workflows: current, ramping, draining, drained. */
const used: readonly unknown[] = [2, 3, 4, 5];

/** One version of the workers: a deployment's name, and which build of the workflows it runs. */
export interface DeploymentVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

/**
 * The build of the workflows: named by the settings, otherwise by the workflow bundle itself. So a release with unchanged workflows is the
 * same build, and waiting journeys continue with its engine.
 */
export async function buildIdOf(bundle: WorkflowBundleOption, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const code = 'codePath' in bundle ? await readFile(bundle.codePath) : bundle.code;
  return createHash('sha256').update(code).digest('hex').slice(0, 12);
}

/** Workflows are pinned to the build that they began on, unless they say otherwise themselves. */
export const deploymentOptions = (version: DeploymentVersion): WorkerDeploymentOptions => ({
  version,
  useWorkerVersioning: true,
  defaultVersioningBehavior: 'PINNED',
});

/**
 * Lets new workflows begin on this build, if it is new to the deployment. A build that was current before does not become current again
 * when an old worker is started.
 * @returns whether this call made it the current build
 */
export async function takeOver(connection: Connection, namespace: string, version: DeploymentVersion): Promise<boolean> {
  if (!(await isUnused(connection, namespace, version))) return false;
  const { deploymentName, buildId } = version;
  await connection.workflowService.setWorkerDeploymentCurrentVersion({
    namespace,
    deploymentName,
    buildId,
    ignoreMissingTaskQueues: true,
    allowNoPollers: true,
  });
  return true;
}

async function isUnused(connection: Connection, namespace: string, { deploymentName, buildId }: DeploymentVersion): Promise<boolean> {
  try {
    const { workerDeploymentInfo } = await connection.workflowService.describeWorkerDeployment({ namespace, deploymentName });
    const ours = workerDeploymentInfo?.versionSummaries?.find(({ deploymentVersion }) => deploymentVersion?.buildId === buildId);
    return ours === undefined || !used.includes(ours.status);
  } catch (error) {
    const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
    if (code === notFound) return true;
    throw error;
  }
}
