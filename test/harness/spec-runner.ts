import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The part of Jest's runtime that decides how a module is loaded. */
interface Runtime {
  requireInternalModule(path: string): unknown;
  unstable_shouldLoadAsEsm(path: string): boolean;
  unstable_importModule(path: string): Promise<unknown>;
  setGlobalsForRuntime(globals: object): void;
  getSourceMaps(): Map<string, string>;
}
interface Environment {
  readonly global: { readonly console: Console };
  readonly moduleMocker: object;
}
type RunSpec = (
  globalConfig: object,
  config: object,
  environment: Environment,
  runtime: Runtime,
  path: string,
  report?: unknown,
) => Promise<object>;

const require = createRequire(import.meta.url);
const { sourceMaps } = require('./load-sources.cjs') as { readonly sourceMaps: ReadonlyMap<string, string> };
const { default: runByCircus } = require('jest-circus/runner') as { readonly default: RunSpec };

/**
 * Runs a spec with Jest's own runner, but lets node itself load it. Jest would load every module again for every spec, in a separate
 * context, which took most of the time of a run. So the specs of one worker share their modules, and restore what they change.
 */
const runSpec: RunSpec = (globalConfig, config, environment, runtime, path, report) => {
  runtime.requireInternalModule = (internal) => {
    // Its handlers of events are those of one spec.
    Reflect.deleteProperty(require.cache, internal);
    Reflect.deleteProperty(globalThis, Symbol.for('EVENT_HANDLERS'));
    return require(internal);
  };
  runtime.unstable_shouldLoadAsEsm = () => true;
  runtime.unstable_importModule = async (spec) => {
    try {
      await import(pathToFileURL(spec).href);
    } finally {
      for (const [source, map] of sourceMaps) runtime.getSourceMaps().set(source, map);
    }
  };
  // Only the spies of the object `jest` exist.
  runtime.setGlobalsForRuntime = (globals) => Object.assign(globalThis, globals, { jest: environment.moduleMocker });
  const { console } = globalThis;
  globalThis.console = environment.global.console;
  return runByCircus(globalConfig, config, environment, runtime, path, report).finally(() => {
    globalThis.console = console;
  });
};
export default runSpec;
