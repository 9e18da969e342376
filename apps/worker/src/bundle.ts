import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

/** Bundles the workflows once, at build time, so that every worker starts at once and runs the same code. */
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('../../../workflows/index.js', import.meta.url)),
  logger: { log: noop, trace: noop, debug: noop, info: noop, warn: noop, error: noop },
});
await writeFile(fileURLToPath(new URL('../../../workflow-bundle.js', import.meta.url)), code);

function noop(): void {
  // The bundler's log output is not needed; a failure is thrown.
}
