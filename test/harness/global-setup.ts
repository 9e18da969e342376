import { registerHooks } from 'node:module';

/**
 * What jest runs once before all specs. Jest loads this file outside its own module system, where nothing resolves `./x.js` to the `./x.ts`
 * that is there; hence the hook, and hence no static import of our own code.
 */
export default async function setUp(): Promise<void> {
  registerHooks({
    resolve: (specifier, context, next) => {
      const ours = /^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts') === true;
      return next(ours ? specifier.replace(/\.js$/, '.ts') : specifier, context);
    },
  });
  const { startTestServers } = await import('./test-servers.js');
  await startTestServers();
}
