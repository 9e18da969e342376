import { TestWorkflowEnvironment } from '@temporalio/testing';
import { readSettings } from '../../../../config/settings.js';
import { testEnvironment } from '../../../../test/harness/api.js';
import { resource } from '../../../../test/harness/resource.js';
import { TemporalSweeps } from './temporal-sweeps.js';

const sweepsAt = (address: string): TemporalSweeps =>
  new TemporalSweeps(readSettings({ ...testEnvironment('postgres://127.0.0.1:1/none'), PERENNIAL_TEMPORAL_ADDRESS: address }));

it('says that nobody can start a sweep while Temporal is down', async () => {
  const sweeps = sweepsAt('127.0.0.1:1');
  await expect(sweeps.start('churn')).rejects.toMatchObject({
    kind: 'unavailable',
    title: 'No sweep can be started: Temporal is down',
  });
  await sweeps.close();
});

it('starts one workflow for a kind, however often it is asked to while that runs', async () => {
  const path = await resource('temporal-dev-server');
  const env = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path } } });
  const sweeps = sweepsAt(env.address);
  try {
    expect(await Promise.all([sweeps.start('churn'), sweeps.start('churn')])).toEqual(['sweep:churn', 'sweep:churn']);
    expect(await sweeps.start('upsell')).toBe('sweep:upsell');
    const { runId } = await env.client.workflow.getHandle('sweep:churn').describe();
    await sweeps.start('churn');
    expect((await env.client.workflow.getHandle('sweep:churn').describe()).runId).toBe(runId);
  } finally {
    await sweeps.close();
    await env.teardown();
  }
});
