import { registerHooks } from 'node:module';
import type * as Offered from './offer-resources.js';

let stop: (() => Promise<void>) | undefined;

/**
 * What jest runs once before all specs. It starts nothing: each resource is made when a spec asks for it. Jest loads this file outside its own
 * module system, where nothing resolves `./x.js` to the `./x.ts` that is there; hence the hook, and hence no static import of our own code.
 */
export default async function setUp(): Promise<void> {
  registerHooks({
    resolve: (specifier, context, next) => {
      const ours = /^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts') === true;
      return next(ours ? specifier.replace(/\.js$/, '.ts') : specifier, context);
    },
  });
  const { offerResources }: typeof Offered = await import('./offer-resources.js');
  const { address, close } = await offerResources();
  process.env['PERENNIAL_TEST_RESOURCES'] = address;
  stop = close;
  // Ctrl-C reaches the workers by itself, but not the servers, which run in process groups of their own.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close().finally(() => process.exit(1)));
}

/** Stops what was started for the specs. */
export async function stopOffering(): Promise<void> {
  await stop?.();
}
