import type * as Offered from './offer-resources.js';
import './load-sources.cjs';

let stop: (() => Promise<void>) | undefined;

/**
 * What jest runs once before all specs. It starts nothing: each resource is made when a spec asks for it. Our own code is imported here, not above,
 * because node looks for all that is imported above before it runs load-sources.cjs.
 */
export default async function setUp(): Promise<void> {
  const { offerResources }: typeof Offered = await import('./offer-resources.js');
  const { address, close } = await offerResources();
  process.env['PERENNIAL_TEST_RESOURCES'] = address;
  stop = close;
  // Ctrl-C reaches the workers directly, but not the servers, which run in process groups of their own.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close().finally(() => process.exit(1)));
}

/** Stops what was started for the specs. */
export async function stopOffering(): Promise<void> {
  await stop?.();
}
